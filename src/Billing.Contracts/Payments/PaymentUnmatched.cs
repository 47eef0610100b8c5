namespace Billing.Contracts;

/// <summary>The payment service spoke of money that belongs to no recharge as ordered. It stands in <c>unmatched_payments</c> until an operator resolves it.</summary>
public sealed record PaymentUnmatched
{
    public required Guid UnmatchedId { get; init; }

    /// <summary>One of <see cref="RechargeReasons"/>.</summary>
    public required string Reason { get; init; }

    /// <summary>The recharge that it named.</summary>
    public required Guid RechargeId { get; init; }

    public string? PaymentId { get; init; }

    /// <summary>Present when it spoke of money given back.</summary>
    public string? RefundId { get; init; }

    public Money Amount { get; init; }

    public string? Currency { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }
}
