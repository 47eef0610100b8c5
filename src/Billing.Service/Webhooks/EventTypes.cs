namespace Billing.Service.Webhooks;

/// <summary>The names of events as receivers know them. A name never changes its meaning.</summary>
static class EventTypes
{
    public const string BalanceLow = "balance.low";
    public const string FreeQuotaReached = "free_quota.reached";
    public const string AccountInDebt = "account.in_debt";
    public const string RechargeNeedsReview = "recharge.needs_review";
    public const string DriftFound = "cache.drift_found";
    public const string AuditFailed = "audit.failed";

    /// <summary>Sent when asked for, to anybody.</summary>
    public const string Test = "webhook.test";

    public static readonly IReadOnlyList<string> All = [BalanceLow, FreeQuotaReached, AccountInDebt, RechargeNeedsReview, DriftFound, AuditFailed];
}
