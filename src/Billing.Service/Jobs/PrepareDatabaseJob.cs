using Billing.Service.Ledger;
using Billing.Service.Observability;
using Quartz;

namespace Billing.Service.Jobs;

/// <summary>Keeps the database ready for the days to come: on PostgreSQL the partitions of the next two weeks.</summary>
[DisallowConcurrentExecution]
sealed class PrepareDatabaseJob(IDatabase database, TimeProvider time, ILogger<PrepareDatabaseJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            await database.Prepare(time.GetUtcNow(), cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // There are two weeks of further tries.
            JobMetrics.MarkFailed(context);
            logger.LogWarning(exception, "The coming days could not be prepared; trying again within the hour");
        }
    }
}
