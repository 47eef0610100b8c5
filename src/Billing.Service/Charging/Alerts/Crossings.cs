namespace Billing.Service.Charging.Alerts;

/// <summary>Finds what a whole batch has crossed: inside a commit nobody was there to see it.</summary>
static class Crossings
{
    static readonly int[] Percentages = [80, 100];

    public static void Add(Decisions decisions, Snapshot snapshot, ChargingRules rules)
    {
        foreach (var account in decisions.Accounts) account.PassAlert(rules.Alerts);
        Dictionary<long, string>? users = null;
        foreach (var quota in decisions.FreeQuotas)
        {
            foreach (var percent in Percentages)
            {
                if (!quota.Reach(percent)) continue;
                users ??= snapshot.Accounts.Values.ToDictionary(account => account.AccountId, account => account.UserId);
                decisions.FreeQuotaCrossings.Add(Of(quota, percent, users, rules));
            }
        }
    }

    static FreeQuotaCrossing Of(FreeQuotaState quota, int percent, Dictionary<long, string> users, ChargingRules rules) => new(
        users[quota.Key.AccountId],
        rules.Catalogue.Services.First(service => service.ServiceId == quota.Key.ServiceId).Name,
        quota.Key.Month, percent, quota.Used, quota.Granted);
}
