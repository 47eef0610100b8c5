namespace Billing.Contracts;

/// <summary>One user's account as of now. Creates nothing. Answered by <see cref="AccountStatus"/>.</summary>
public sealed record GetAccount
{
    public required string UserId { get; init; }
}
