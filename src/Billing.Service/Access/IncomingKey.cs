namespace Billing.Service.Access;

/// <summary>A wish for a key, as it comes in.</summary>
public sealed record IncomingKey
{
    public Guid OperationId { get; init; }
    public string? Name { get; init; }
    public string? Scope { get; init; }
    public string? UserId { get; init; }

    /// <summary>A text: a time without an offset would mean another instant on each machine.</summary>
    public string? ExpiresAt { get; init; }

    public string? Actor { get; init; }
    public string? Reason { get; init; }
}
