using Billing.Service.Ledger;

namespace Billing.Service.Jobs;

/// <summary>Keeps the database ready for the days to come: on PostgreSQL the partitions of the next two weeks.</summary>
sealed class PrepareDatabaseJob(IDatabase database, TimeProvider time) : IBillingJob
{
    public async Task<JobResult> Run(CancellationToken cancellationToken)
    {
        // There are two weeks of further tries.
        await database.Prepare(time.GetUtcNow(), cancellationToken);
        return new JobResult(0);
    }
}
