using Billing.Service.Audit;
using Billing.Service.Hosting;
using Billing.Service.Ledger;
using Billing.Service.Observability;
using Quartz;

namespace Billing.Service.Alerts;

/// <summary>Proves the ledger every night, and tells operators what does not hold.</summary>
[DisallowConcurrentExecution]
sealed class AuditJob(IDatabase database, JobTurns turns, OperatorAlerts alerts, Preparation preparation, ILogger<AuditJob> logger) : IJob
{
    const string Kind = "audit";

    // Longer than the clocks of the instances may differ, shorter than a day.
    static readonly TimeSpan Turn = TimeSpan.FromHours(12);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (!preparation.Succeeded.IsCompleted || !await preparation.Succeeded) return;
        try
        {
            if (await turns.Take(Kind, Turn, cancellationToken)) await Tell(await AuditRun.Execute(database, publishedFile: null, cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            JobMetrics.MarkFailed(context);
            logger.LogError(exception, "The audit could not be done; the next one is tomorrow's");
        }
    }

    internal async Task Tell(AuditReport report, CancellationToken cancellationToken)
    {
        var violated = report.Invariants.Where(invariant => invariant.Violations > 0).ToList();
        foreach (var invariant in violated)
        {
            logger.LogError("The audit found {Invariant} violated {Violations} times: {Example}", invariant.Name, invariant.Violations, Example(invariant));
            await alerts.Raise(Kind, invariant.Name, now => new AuditFailed
            {
                Invariant = invariant.Name,
                Violations = invariant.Violations,
                Example = Example(invariant),
                OccurredAt = now,
            }, cancellationToken);
        }
        await alerts.Clear(Kind, violated.ConvertAll(invariant => invariant.Name), cancellationToken);
    }

    static string Example(InvariantResult invariant) => invariant.Examples.Count > 0 ? invariant.Examples[0] : "";
}
