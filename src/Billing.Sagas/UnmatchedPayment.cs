using Billing.Sagas.Doors;

namespace Billing.Sagas;

/// <summary>A payment or refund that belongs to no recharge as ordered, until an operator resolves it.</summary>
sealed class UnmatchedPayment
{
    /// <summary>Follows from what the notification said, so that a repeat is the same row.</summary>
    public Guid UnmatchedId { get; set; }

    public string Reason { get; set; } = "";

    /// <summary>The recharge that it named.</summary>
    public Guid RechargeId { get; set; }

    public string? PaymentId { get; set; }

    /// <summary>Present when it spoke of money given back.</summary>
    public string? RefundId { get; set; }

    public Money Amount { get; set; }
    public string? Currency { get; set; }

    /// <summary>The notification as it came, when it could not be read.</summary>
    public string? Body { get; set; }

    /// <summary>What would have been right.</summary>
    public string? Detail { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }
    public DateTimeOffset? ResolvedAt { get; set; }
    public string? Actor { get; set; }
    public string? Resolution { get; set; }
    public Guid? AssignedTo { get; set; }
    public string? AssignedUserId { get; set; }

    /// <summary>Two operators at once: the second is told what the first decided.</summary>
    public int Version { get; set; }

    public static UnmatchedPayment Of(PaymentSucceeded payment, string reason) => new()
    {
        UnmatchedId = IdOf(payment.RechargeId, payment.PaymentId, null, $"{payment.Amount} {payment.Currency}"),
        Reason = reason,
        RechargeId = payment.RechargeId,
        PaymentId = payment.PaymentId,
        Amount = payment.Amount,
        Currency = payment.Currency,
    };

    public static UnmatchedPayment Of(PaymentRefunded refund, string reason) => new()
    {
        UnmatchedId = IdOf(refund.RechargeId, refund.PaymentId, refund.RefundId, $"{refund.Amount} {refund.Currency}"),
        Reason = reason,
        RechargeId = refund.RechargeId,
        PaymentId = refund.PaymentId,
        RefundId = refund.RefundId,
        Amount = refund.Amount,
        Currency = refund.Currency,
    };

    public static UnmatchedPayment Of(Refund refund, string reason) => new()
    {
        UnmatchedId = IdOf(refund.RechargeId, refund.PaymentId, refund.RefundId, $"{refund.Amount} {refund.Currency}"),
        Reason = reason,
        RechargeId = refund.RechargeId,
        PaymentId = refund.PaymentId,
        RefundId = refund.RefundId,
        Amount = refund.Amount,
        Currency = refund.Currency,
    };

    public static UnmatchedPayment Of(UnreadableNotice notice) => new()
    {
        UnmatchedId = IdOf(Guid.Empty, null, null, notice.Body),
        Reason = RechargeReasons.InvalidNotification,
        Body = notice.Body,
        Detail = $"{notice.Kind}: {notice.Problem}",
    };

    static Guid IdOf(Guid rechargeId, string? paymentId, string? refundId, string content) =>
        global::Billing.Sagas.RechargeId.OfUnmatched(rechargeId, paymentId, refundId, content);
}
