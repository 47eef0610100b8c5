namespace Billing.Contracts;

/// <summary>Money came for a recharge that is not what was ordered: an operator has to decide.</summary>
public sealed record RechargeNeedsReview
{
    public required Guid RechargeId { get; init; }

    public required string UserId { get; init; }

    /// <summary>One of <see cref="RechargeReasons"/>.</summary>
    public required string Reason { get; init; }

    public required Money Ordered { get; init; }

    public required string Currency { get; init; }

    /// <summary>What was paid.</summary>
    public required Money Paid { get; init; }

    public string? PaidCurrency { get; init; }

    public string? PaymentId { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}
