namespace Billing.Contracts;

/// <summary>Why money received could not be taken for what was ordered. Stands with the recharge, in <c>unmatched_payments</c> and in events.</summary>
public static class RechargeReasons
{
    /// <summary>Paid with another amount than ordered.</summary>
    public const string AmountMismatch = "amount_mismatch";

    /// <summary>Paid, or given back, in another currency than ordered.</summary>
    public const string CurrencyMismatch = "currency_mismatch";

    /// <summary>Paid, or given back, by another payment than the one created for this recharge.</summary>
    public const string PaymentIdMismatch = "payment_id_mismatch";

    /// <summary>The payment has paid another recharge already.</summary>
    public const string PaymentIdReused = "payment_id_reused";

    /// <summary>A further payment for a recharge that is paid already.</summary>
    public const string SecondPayment = "second_payment";

    /// <summary>No recharge has this id.</summary>
    public const string UnknownRecharge = "unknown_recharge";

    /// <summary>The recharge was closed by an operator before this came.</summary>
    public const string RechargeClosed = "recharge_closed";

    /// <summary>More would be given back than was credited.</summary>
    public const string RefundExceedsCredit = "refund_exceeds_credit";

    /// <summary>The refund id was used before with another amount.</summary>
    public const string RefundIdReused = "refund_id_reused";

    /// <summary>The notification lacks what it must say, or says it wrongly.</summary>
    public const string InvalidNotification = "invalid_notification";

    /// <summary>The ledger refused the credit or the refund.</summary>
    public const string RefusedByLedger = "refused_by_ledger";
}
