namespace Billing.Contracts;

/// <summary>Many accounts as of now. Creates nothing. Answered by <see cref="AccountStatuses"/>.</summary>
public sealed record GetAccounts
{
    /// <summary>Up to 500; one that is asked for twice is answered twice.</summary>
    public required IReadOnlyList<string> UserIds { get; init; }
}
