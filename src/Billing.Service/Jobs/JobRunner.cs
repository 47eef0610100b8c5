using System.Collections.Concurrent;
using Billing.Service.Hosting;
using Billing.Service.Ledger;

namespace Billing.Service.Jobs;

/// <summary>Runs jobs, by the clock or by hand: takes the turn, holds it, gives it back, and lets everybody see what became of it.</summary>
sealed class JobRunner(IServiceProvider services, JobTurns turns, JobMetrics metrics, Preparation preparation, ILedgerStore store, TimeProvider time, ILogger<JobRunner> logger)
{
    static readonly TimeSpan HoldEvery = JobTurns.HeldFor / 3;

    readonly ConcurrentDictionary<string, JobRun> _own = new(StringComparer.Ordinal);

    /// <summary>The last run of a job that each instance runs for itself.</summary>
    public JobRun? OwnLast(string job) => _own.GetValueOrDefault(job);

    /// <summary>One planned moment, unless another instance has it. Never throws: the next moment is another try.</summary>
    public async Task Run(JobPlan plan, DateTimeOffset due, CancellationToken cancellationToken)
    {
        if (!preparation.Succeeded.IsCompleted || !await preparation.Succeeded) return;
        try
        {
            if (await Begin(plan, due, cancellationToken) is { } run) await Carry(plan, run, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The turn ends by itself when its time is over.
            Complain(plan.Name, exception);
        }
    }

    /// <param name="due">Null for a run by hand.</param>
    /// <returns>Null when it is running, or was run for this moment.</returns>
    public async Task<JobRun?> Begin(JobPlan plan, DateTimeOffset? due, CancellationToken cancellationToken)
    {
        if (!plan.OnEachInstance) return await turns.Take(plan.Name, due, cancellationToken);

        var run = JobRun.Begun(plan.Name, time.GetUtcNow());
        return _own.AddOrUpdate(plan.Name, run, (_, last) => last.Result is null ? last : run) == run ? run : null;
    }

    /// <summary>A run that was begun, to its end.</summary>
    public async Task<JobRun> Carry(JobPlan plan, JobRun run, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var holding = plan.OnEachInstance ? Task.CompletedTask : Hold(run, stop);
        var ended = await Execute(plan, run, stop.Token);
        await stop.CancelAsync();
        await holding;

        metrics.Ran(ended);
        if (plan.OnEachInstance) _own[plan.Name] = ended;
        else await turns.End(ended, CancellationToken.None);
        return ended;
    }

    async Task<JobRun> Execute(JobPlan plan, JobRun run, CancellationToken stop)
    {
        try
        {
            var result = await plan.Make(services).Run(stop);
            if (result.Rows > 0) logger.LogInformation("Job {Job} is done: {RowCount} rows {Detail}", plan.Name, result.Rows, result.Detail);
            return run with { FinishedAt = time.GetUtcNow(), Result = JobRun.Done, Rows = result.Rows, Detail = result.Detail };
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return run with { FinishedAt = time.GetUtcNow(), Result = JobRun.Stopped };
        }
        catch (Exception exception)
        {
            Complain(plan.Name, exception);
            return run with { FinishedAt = time.GetUtcNow(), Result = JobRun.Failed, Detail = exception.Message.ReplaceLineEndings(" ") };
        }
    }

    async Task Hold(JobRun run, CancellationTokenSource stop)
    {
        while (true)
        {
            await Task.Delay(HoldEvery, time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested) return;
            try
            {
                if (await turns.Hold(run, stop.Token)) continue;
                logger.LogWarning("Job {Job} was so slow that another instance has taken it over: it stops here", run.Job);
                await stop.CancelAsync();
                return;
            }
            catch (Exception exception) when (!stop.IsCancellationRequested)
            {
                logger.LogWarning("The turn of job {Job} could not be held; trying again: {Error}", run.Job, exception.Message);
            }
            catch (Exception)
            {
                // The run has ended meanwhile.
                return;
            }
        }
    }

    void Complain(string job, Exception exception)
    {
        // An outage is told by whoever charges; it need not be told with its whole stack every few seconds.
        if (store.Classify(exception) == FailureKind.Unavailable) logger.LogWarning("Job {Job} could not be done, the next run will: {Error}", job, exception.Message);
        else logger.LogError(exception, "Job {Job} failed; the next run tries again", job);
    }
}
