using Billing.Service.Ledger;

namespace Billing.Service.Jobs;

/// <summary>Deletes runs of jobs, and results of audits, that are old.</summary>
sealed class ForgetRunsJob(IDatabase database, TimeProvider time) : IBillingJob
{
    static readonly TimeSpan RunsKeptFor = TimeSpan.FromDays(30);
    static readonly TimeSpan AuditsKeptFor = TimeSpan.FromDays(400);

    public async Task<JobResult> Run(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var runs = await database.DeleteInChunks(
            "delete from job_run where run_id in (select run_id from job_run where started_at < $1 order by started_at limit $2)", cancellationToken, now - RunsKeptFor);
        var audits = await database.DeleteInChunks(
            "delete from audit_run where run_id in (select run_id from audit_run where audited_at < $1 order by audited_at limit $2)", cancellationToken, now - AuditsKeptFor);
        return new JobResult(runs + audits);
    }
}
