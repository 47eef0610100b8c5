namespace Billing.Service.Access;

/// <summary>A key as lists and answers show it.</summary>
public sealed record KeyLine
{
    public required string KeyId { get; init; }

    /// <summary>The whole key, in the answer to whoever made it.</summary>
    public string? Key { get; init; }

    public bool? Duplicate { get; init; }
    public required string Name { get; init; }
    public required string Scope { get; init; }
    public string? UserId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    public static KeyLine Of(ApiKey key) => new()
    {
        KeyId = key.KeyId,
        Name = key.Name,
        Scope = key.Scope.Name(),
        UserId = key.UserId,
        CreatedAt = key.CreatedAt,
        CreatedBy = key.CreatedBy,
        ExpiresAt = key.ExpiresAt,
        LastUsedAt = key.LastUsedAt,
        RevokedAt = key.RevokedAt,
    };
}
