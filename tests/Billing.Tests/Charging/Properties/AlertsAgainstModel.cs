using Billing.Service.Charging.Alerts;

namespace Billing.Tests.Charging.Properties;

public sealed class AlertsAgainstModel
{
    static readonly Money Threshold = Money.Parse("0.10");
    const decimal Armed = 0.11m;

    [Fact]
    public void Whatever_happens_each_crossing_is_told_once_with_its_figures() =>
        Checked.Holds(Checked.Lists(Step.Any), steps =>
        {
            var ledger = new PlainLedger(Shop.Rules() with { Alerts = new AlertRules(Threshold, RearmPercent: 10) });
            var (isArmed, low, reached) = (new Dictionary<string, bool>(), new List<string>(), new HashSet<string>());
            foreach (var batch in Step.Batches(steps))
            {
                var balances = Balances(ledger);
                ledger.Apply(batch);
                foreach (var (user, after) in Balances(ledger))
                {
                    var before = balances.GetValueOrDefault(user);
                    if (before >= Armed || !isArmed.ContainsKey(user)) isArmed[user] = true;
                    if (isArmed[user] && before >= 0.10m && after < 0.10m)
                    {
                        low.Add($"{user} {after}");
                        isArmed[user] = false;
                    }
                }
                foreach (var (quota, after) in Quotas(ledger))
                {
                    if (after >= 80) reached.Add($"{quota} 80");
                    if (after >= 100) reached.Add($"{quota} 100");
                }
            }

            Assert.Equal(low.Order(), ledger.Events.Select(told => told.Message).OfType<BalanceLow>().Select(told => $"{told.UserId} {told.Available.ToDecimal()}").Order());
            Assert.Equal(reached.Order(),
                ledger.Events.Select(told => told.Message).OfType<FreeQuotaReached>().Select(told => $"{told.UserId} {told.Service} {told.Month} {told.Percent}").Order());
        }, tests: 1_000);

    static Dictionary<string, decimal> Balances(PlainLedger ledger) => ledger.Users.ToDictionary(user => user, user => ledger.Balance(user).ToDecimal());

    static Dictionary<string, decimal> Quotas(PlainLedger ledger) => ledger.FreeQuotas.ToDictionary(
        quota => $"{ledger.UserOf(quota.Key.AccountId)} {ledger.ServiceOf(quota.Key.ServiceId)} {quota.Key.Month:yyyy-MM}",
        quota => 100m * quota.Value.Used / quota.Value.Granted);
}
