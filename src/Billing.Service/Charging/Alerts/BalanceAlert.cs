namespace Billing.Service.Charging.Alerts;

/// <summary>What an account remembers about being low.</summary>
/// <param name="OwnThreshold">Null: the deployment's.</param>
/// <param name="Told">Its owner was told, and it has not been above the threshold by the margin since.</param>
public readonly record struct BalanceAlert(Money? OwnThreshold, bool Told)
{
    public Money? Threshold(AlertRules rules) => OwnThreshold ?? rules.BalanceLowAt;

    /// <summary>The alert as a commit leaves it that takes what is available from one amount to another, and whether it is what crossed the threshold.</summary>
    public (BalanceAlert After, bool WentLow) Pass(Money before, Money after, AlertRules rules)
    {
        if (Threshold(rules) is not { } threshold) return (this, false);

        // Looked at before, too: the threshold may be another than when the last commit was made.
        var told = Told && !IsAbove(before, threshold, rules.RearmPercent);
        var wentLow = !told && before >= threshold && after < threshold;
        return (this with { Told = wentLow || (told && !IsAbove(after, threshold, rules.RearmPercent)) }, wentLow);
    }

    /// <summary>In 128 bits: the margin may lie beyond what money can count.</summary>
    static bool IsAbove(Money available, Money threshold, int rearmPercent) =>
        available.Nanos * (Int128)100 >= threshold.Nanos * (Int128)(100 + rearmPercent);
}
