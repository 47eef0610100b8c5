namespace Billing.Sagas;

/// <summary>The queues of the recharges.</summary>
static class RechargeQueues
{
    public const string Recharges = "billing-recharges";
    public const string Desk = "billing-payment-desk";
    public const string StartRecharge = "billing-start-recharge";
    public const string PaymentCreated = "billing-payment-created";
    public const string PaymentSucceeded = "billing-payment-succeeded";
    public const string PaymentFailed = "billing-payment-failed";
    public const string PaymentRefunded = "billing-payment-refunded";
    public const string GetRecharge = "billing-get-recharge";
    public const string ListRecharges = "billing-list-recharges";
    public const string ResolveRecharge = "billing-resolve-recharge";
    public const string AssignPayment = "billing-assign-payment";
    public const string ListUnmatchedPayments = "billing-list-unmatched-payments";
}
