namespace Billing.Service.Access;

/// <summary>A key as everybody may know it.</summary>
public sealed record ApiKey
{
    public required string KeyId { get; init; }

    /// <summary>The id of the operation that made it.</summary>
    public required Guid OperationId { get; init; }

    public required string Name { get; init; }
    public required KeyScope Scope { get; init; }

    /// <summary>The one user that a key of web pages is for; absent: every user.</summary>
    public string? UserId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }

    /// <summary>From then on it opens nothing; absent: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Up to an hour old while the key is in use.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public bool HasExpired(DateTimeOffset now) => ExpiresAt <= now;
}
