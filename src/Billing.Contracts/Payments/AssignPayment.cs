namespace Billing.Contracts;

/// <summary>
/// An operator's decision on an unmatched payment, once. With a user, a payment's money is credited to that user. With a recharge, a
/// refund is taken back from that recharge's credit. With neither, it is marked as settled elsewhere. Answered by <see cref="UnmatchedPaymentStatus"/>.
/// </summary>
public sealed record AssignPayment
{
    public required Guid UnmatchedId { get; init; }

    /// <summary>Whose money it is; for payments.</summary>
    public string? UserId { get; init; }

    /// <summary>The recharge whose credit goes back; for refunds.</summary>
    public Guid? RechargeId { get; init; }

    /// <summary>Who decided, 1 to 128 characters.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, 1 to 500 characters.</summary>
    public required string Reason { get; init; }
}
