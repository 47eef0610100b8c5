namespace Billing.Contracts;

/// <summary>A refund stands in the ledger.</summary>
public sealed record CreditRefunded
{
    public required Guid RechargeId { get; init; }

    public required string RefundId { get; init; }

    public required string UserId { get; init; }

    /// <summary>What was taken from the balance: more than zero.</summary>
    public required Money Amount { get; init; }

    public required string Currency { get; init; }

    /// <summary>The balance right after; negative means debt.</summary>
    public required Money Balance { get; init; }

    public required DateTimeOffset RefundedAt { get; init; }
}
