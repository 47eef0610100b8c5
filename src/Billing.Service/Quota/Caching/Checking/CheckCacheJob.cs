using Billing.Service.Alerts;
using Billing.Service.Ledger;
using Billing.Service.Observability;
using Quartz;

namespace Billing.Service.Quota.Caching.Checking;

/// <summary>Compares some of the cache with the database, the next ones each time, or at night all of it; what differs is removed, counted and told.</summary>
[DisallowConcurrentExecution]
sealed class CheckCacheJob(CacheChecker checker, CheckedSoFar checkedSoFar, CacheMetrics metrics, DriftAlerts alerts, IRules rules, TimeProvider time, ILogger<CheckCacheJob> logger) : IJob
{
    /// <summary>In the job's data: how many entries are compared at most.</summary>
    public const string EntriesMax = "entries";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var entriesMax = context.MergedJobDataMap.GetInt(EntriesMax);
        try
        {
            var from = entriesMax == int.MaxValue ? 0 : checkedSoFar.Next;
            if (await checker.Compare(from, entriesMax, rules.Current.Calendar.MonthOf(time.GetUtcNow()), cancellationToken) is not { } comparison) return;
            checkedSoFar.Next = comparison.Next;
            await Repair(comparison);
            await alerts.Tell(comparison, ofAll: from == 0 && comparison.Next == 0, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Entries expire by themselves; the next run compares those of then.
            JobMetrics.MarkFailed(context);
            logger.LogWarning("The cache could not be compared with the database: {Error}", exception.Message);
        }
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
