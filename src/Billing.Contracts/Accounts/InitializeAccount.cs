namespace Billing.Contracts;

/// <summary>Makes a user's account ready before the first call. Idempotent; any first operation does the same. Answered by <see cref="AccountStatus"/>.</summary>
public sealed record InitializeAccount
{
    public required string UserId { get; init; }
}
