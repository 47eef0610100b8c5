namespace Billing.Service.Charging;

/// <summary>All that decides a charge besides the account itself.</summary>
public sealed record ChargingRules(Catalogue Catalogue, BillingCalendar Calendar);
