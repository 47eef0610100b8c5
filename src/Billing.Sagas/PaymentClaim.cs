namespace Billing.Sagas;

/// <summary>The recharge that a payment paid.</summary>
sealed class PaymentClaim
{
    public string PaymentId { get; set; } = "";
    public Guid RechargeId { get; set; }
}
