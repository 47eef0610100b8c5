namespace Billing.Service.Charging.Alerts;

/// <summary>When people are told.</summary>
/// <param name="BalanceLowAt">For accounts that have no threshold of their own; null tells of none of them.</param>
/// <param name="RearmPercent">How far above its threshold an account must have been before it is told to be low again.</param>
public sealed record AlertRules(Money? BalanceLowAt, int RearmPercent)
{
    public static readonly AlertRules Default = new(BalanceLowAt: null, RearmPercent: 10);
}
