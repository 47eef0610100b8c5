namespace Billing.Service.Charging;

/// <summary>The kinds of acts as the log keeps them: a name never changes its meaning.</summary>
public static class ActKinds
{
    public const string AdjustBalance = "adjust_balance";
    public const string ReverseUsage = "reverse_usage";
    public const string SetOverdraft = "set_overdraft";
    public const string SetBalanceAlert = "set_balance_alert";

    public const string RegisterService = "register_service";
    public const string ChangePrice = "change_price";
    public const string ChangeFreeQuota = "change_free_quota";

    public const string CreateKey = "create_key";
    public const string RevokeKey = "revoke_key";

    public const string CreateWebhook = "create_webhook";
    public const string DeleteWebhook = "delete_webhook";
    public const string EnableWebhook = "enable_webhook";
    public const string DisableWebhook = "disable_webhook";
    public const string RotateWebhook = "rotate_webhook";

    /// <summary>One rejected usage that was charged after all, because of a <see cref="RetryRejected"/>.</summary>
    public const string ChargeRejected = "charge_rejected";

    /// <summary>A sweep over rejected usage that has come to its end.</summary>
    public const string RetryRejected = "retry_rejected";
}
