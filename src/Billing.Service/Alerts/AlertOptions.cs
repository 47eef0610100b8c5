using Billing.Service.Charging.Alerts;

namespace Billing.Service.Alerts;

/// <summary>When people are told. Bound from the configuration section <c>Alerts</c>.</summary>
public sealed class AlertOptions
{
    public const string Section = "Alerts";
    const int RearmPercentMax = 1_000;

    /// <summary>What is available below this tells that the balance is low, for accounts without a threshold of their own: a decimal string. Absent: for none.</summary>
    public string? BalanceLowAt { get; set; }

    /// <summary>How far above its threshold, in percent of it, an account must have been before it is told to be low again.</summary>
    public int RearmPercent { get; set; } = AlertRules.Default.RearmPercent;

    /// <summary>When the ledger is audited, as a Quartz cron expression in the machine's time; empty for never. Of several instances one does it.</summary>
    public string AuditAt { get; set; } = "0 50 3 * * ?";

    internal AlertRules Rules()
    {
        if (RearmPercent is < 0 or > RearmPercentMax) throw new InvalidOperationException($"Alerts__RearmPercent is {RearmPercent}; set 0 to {RearmPercentMax}.");
        if (string.IsNullOrEmpty(BalanceLowAt)) return new AlertRules(BalanceLowAt: null, RearmPercent);
        return Money.TryParse(BalanceLowAt, out var threshold) && !threshold.IsNegative
            ? new AlertRules(threshold, RearmPercent)
            : throw new InvalidOperationException($"Alerts__BalanceLowAt is '{BalanceLowAt}'; set an amount of zero or more, such as 5.00, or nothing.");
    }
}
