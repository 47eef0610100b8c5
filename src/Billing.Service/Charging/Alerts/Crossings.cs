namespace Billing.Service.Charging.Alerts;

/// <summary>Finds what a whole batch has crossed: inside a commit nobody was there to see it.</summary>
static class Crossings
{
    static readonly int[] Percentages = [80, 100];

    public static void Add(Decisions decisions, Snapshot snapshot, ChargingRules rules)
    {
        foreach (var account in decisions.Accounts) account.PassAlert(rules.Alerts);
        foreach (var quota in decisions.FreeQuotas)
        {
            foreach (var percent in Percentages)
            {
                if (quota.Reach(percent)) decisions.FreeQuotaCrossings.Add(Of(quota, percent, snapshot, rules));
            }
        }
    }

    static FreeQuotaCrossing Of(FreeQuotaState quota, int percent, Snapshot snapshot, ChargingRules rules) => new(
        snapshot.Accounts.Values.First(account => account.AccountId == quota.Key.AccountId).UserId,
        rules.Catalogue.Services.First(service => service.ServiceId == quota.Key.ServiceId).Name,
        quota.Key.Month, percent, quota.Used, quota.Granted);
}
