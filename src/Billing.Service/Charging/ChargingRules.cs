using Billing.Service.Charging.Alerts;

namespace Billing.Service.Charging;

/// <summary>All that decides a charge besides the account itself.</summary>
public sealed record ChargingRules(Catalogue Catalogue, BillingCalendar Calendar)
{
    /// <summary>How long after its <c>GrantUntil</c> a reservation still pays the usage that names it.</summary>
    public TimeSpan SettleGrace { get; init; } = TimeSpan.FromMinutes(10);

    public AlertRules Alerts { get; init; } = AlertRules.Default;
}
