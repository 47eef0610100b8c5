using Billing.Service.Alerts;
using Billing.Service.Ledger;
using Billing.Service.Quota.Caching;
using Billing.Service.Quota.Caching.Checking;

namespace Billing.Service.Jobs;

/// <summary>
/// Compares some of the cache with the database, the next ones each time, or at night all of it; what differs is removed, counted and told.
/// When it fails, entries expire by themselves; the next run compares those of then.
/// </summary>
sealed class CheckCacheJob(int entriesMax, CacheChecker checker, CheckedSoFar checkedSoFar, CacheMetrics metrics, DriftAlerts alerts, IRules rules, TimeProvider time, ILogger<CheckCacheJob> logger) : IBillingJob
{
    public const int All = int.MaxValue;

    public async Task<JobResult> Run(CancellationToken cancellationToken)
    {
        var from = entriesMax == All ? 0 : checkedSoFar.Next;
        if (await checker.Compare(from, entriesMax, rules.Current.Calendar.MonthOf(time.GetUtcNow()), cancellationToken) is not { } comparison)
            return new JobResult(0, "the cache does not answer");

        checkedSoFar.Next = comparison.Next;
        await Repair(comparison);
        await alerts.Tell(comparison, ofAll: from == 0 && comparison.Next == 0, cancellationToken);
        return new JobResult(comparison.Drifts.Count);
    }

    async Task Repair(CacheComparison comparison)
    {
        if (comparison.Drifts.Count == 0) return;
        foreach (var drift in comparison.Drifts) metrics.Drifted(drift.Cause);
        await checker.Repair(comparison.Drifts);
        var first = comparison.Drifts[0];
        logger.LogWarning("{DriftCount} of {ComparedCount} entries of the cache differed from the database and were removed, such as {UserId} by {Cause}: {Detail}",
            comparison.Drifts.Count, comparison.Compared, first.UserId, first.Cause.Name(), first.Detail);
    }
}
