namespace Billing.Sagas;

/// <summary>Money of a recharge that went back to the payer.</summary>
sealed class Refund
{
    public Guid RechargeId { get; set; }
    public string RefundId { get; set; } = "";
    public string PaymentId { get; set; } = "";
    public Money Amount { get; set; }
    public string Currency { get; set; } = "";
    public RefundProgress Progress { get; set; }
    public DateTimeOffset ReceivedAt { get; set; }
}

/// <summary>Stored by number: a number never changes its meaning.</summary>
enum RefundProgress
{
    /// <summary>The recharge is not credited yet: there is nothing to take back.</summary>
    Waits = 1,

    /// <summary>The ledger is being told.</summary>
    Asked = 2,

    /// <summary>Taken from the balance.</summary>
    TakenBack = 3,

    /// <summary>Stands in unmatched_payments.</summary>
    Unmatched = 4,
}
