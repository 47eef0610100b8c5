using Billing.ReliableMessaging;
using Billing.Sagas;
using Billing.Service.Ledger;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Billing.Service.Observability;

/// <summary>Reads how things stand. Each statement goes by an index of what is open, or ends at a limit.</summary>
sealed class StateReader(IDatabase database, IOutbox<LedgerOutbox> ledger, RechargeFigures recharges, HealthCheckService health, ILogger<StateReader> logger)
{
    // Its kinds: see the operators' alerts.
    static readonly string[] AlertKinds = ["audit", "cache_drift"];

    public async Task<State> Read(CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(cancellationToken);
        var state = new State { Health = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status == HealthStatus.Healthy) };
        try
        {
            return await Read(state, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogDebug(exception, "The state could not be read");
            return state;
        }
    }

    async Task<State> Read(State state, CancellationToken cancellationToken)
    {
        var ofRecharges = await recharges.Read(cancellationToken);
        await using var connection = await database.Open(cancellationToken);
        var (open, held) = (await database.Query(connection, "select count(*), cast(coalesce(sum(amount_held_nanos), 0) as bigint) from reservation where closed_at is null",
            reader => (reader.GetInt64(0), reader.GetInt64(1)), cancellationToken))[0];
        var alerts = await database.Query(connection, "select kind, count(*) from operator_alert group by kind", reader => (Kind: reader.GetString(0), Count: reader.GetInt64(1)), cancellationToken);
        return state with
        {
            LedgerOutbox = await ledger.ReadBacklog(cancellationToken),
            RechargeOutbox = ofRecharges.Outbox,
            RechargesPending = ofRecharges.Pending,
            RechargesInReview = ofRecharges.InReview,
            PaymentsUnmatched = ofRecharges.Unmatched,
            ReservationsOpen = open,
            AmountHeld = new Money(held),
            RejectedOpen = await Count("select 1 from rejected_usage where resolved_at is null"),
            WebhooksPending = await Count("select 1 from webhook_delivery where state = 0"),
            Alerts = AlertKinds.Union(alerts.Select(alert => alert.Kind)).ToDictionary(kind => kind, kind => alerts.FirstOrDefault(alert => alert.Kind == kind).Count),
        };

        // More is as bad, and counting it would be work.
        async Task<long> Count(string rows) =>
            (await database.Query(connection, $"select count(*) from ({rows} limit 100000) rows_of_it", reader => reader.GetInt64(0), cancellationToken))[0];
    }
}
