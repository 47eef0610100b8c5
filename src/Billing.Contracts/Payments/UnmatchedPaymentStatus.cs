namespace Billing.Contracts;

/// <summary>One payment or refund that belongs to no recharge as ordered, and what became of it. The answer to <see cref="AssignPayment"/>.</summary>
public sealed record UnmatchedPaymentStatus
{
    public required Guid UnmatchedId { get; init; }

    /// <summary>Why a request was refused; one of <see cref="ErrorCodes"/>.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    /// <summary>One of <see cref="RechargeReasons"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>The recharge that it named.</summary>
    public Guid RechargeId { get; init; }

    public string? PaymentId { get; init; }

    /// <summary>Present when it spoke of money given back.</summary>
    public string? RefundId { get; init; }

    public Money Amount { get; init; }

    public string? Currency { get; init; }

    public DateTimeOffset? ReceivedAt { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>Who resolved it.</summary>
    public string? Actor { get; init; }

    /// <summary>Why they resolved it so.</summary>
    public string? Resolution { get; init; }

    /// <summary>The recharge under which the money was credited or taken back; absent when it was only marked as settled elsewhere.</summary>
    public Guid? AssignedTo { get; init; }
}
