using Billing.Service.Quota.Caching;
using Billing.Service.Quota.Caching.Checking;

namespace Billing.Service.Alerts;

/// <summary>Tells operators what a comparison of the cache with the database found.</summary>
sealed class DriftAlerts(OperatorAlerts alerts)
{
    const string Kind = "cache_drift";

    /// <param name="ofAll">Whether all entries were compared: only then a cause that was not found is over.</param>
    public async Task Tell(CacheComparison comparison, bool ofAll, CancellationToken cancellationToken)
    {
        var found = comparison.Drifts.GroupBy(drift => drift.Cause.Name()).ToList();
        foreach (var drifts in found)
        {
            var first = drifts.First();
            await alerts.Raise(Kind, drifts.Key, now => new DriftFound
            {
                Cause = drifts.Key,
                Entries = drifts.Count(),
                UserId = first.UserId,
                Detail = first.Detail,
                OccurredAt = now,
            }, cancellationToken);
        }
        if (ofAll) await alerts.Clear(Kind, found.ConvertAll(drifts => drifts.Key), cancellationToken);
    }
}
