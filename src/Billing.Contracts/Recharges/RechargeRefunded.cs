namespace Billing.Contracts;

/// <summary>Money of a recharge went back to the payer and was taken from the balance.</summary>
public sealed record RechargeRefunded
{
    public required Guid RechargeId { get; init; }

    public required string UserId { get; init; }

    /// <summary>The payment service's id of the refund.</summary>
    public required string RefundId { get; init; }

    public required Money Amount { get; init; }

    public required string Currency { get; init; }

    /// <summary>The balance right after; negative means debt.</summary>
    public required Money Balance { get; init; }

    public required DateTimeOffset RefundedAt { get; init; }
}
