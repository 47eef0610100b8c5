namespace Billing.Contracts;

/// <summary>The states of a recharge as they are on the wire. A word never changes its meaning.</summary>
public static class RechargeStates
{
    /// <summary>The request was refused; there is no recharge.</summary>
    public const string Refused = "refused";

    /// <summary>Ordered; the payment service has not named a pay URL yet.</summary>
    public const string Pending = "pending";

    /// <summary>The user can pay.</summary>
    public const string AwaitingPayment = "awaiting_payment";

    /// <summary>Paid; the ledger is being told.</summary>
    public const string AwaitingCredit = "awaiting_credit";

    /// <summary>The account is credited.</summary>
    public const string Completed = "completed";

    /// <summary>The payment service says that it cannot be paid. Money that comes all the same is credited, and marked late.</summary>
    public const string Failed = "failed";

    /// <summary>Not paid in time. Money that comes all the same is credited, and marked late.</summary>
    public const string Expired = "expired";

    /// <summary>Money came that is not what was ordered: nothing is credited until an operator decides.</summary>
    public const string NeedsReview = "needs_review";

    /// <summary>An operator decided that nothing is credited.</summary>
    public const string Closed = "closed";
}
