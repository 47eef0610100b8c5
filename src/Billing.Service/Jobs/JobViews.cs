namespace Billing.Service.Jobs;

/// <summary>All jobs, each with its last run, whichever instance did it.</summary>
sealed class JobViews(IReadOnlyList<JobPlan> plans, JobTurns turns, JobRunner runner)
{
    public async Task<IReadOnlyList<JobView>> All(CancellationToken cancellationToken)
    {
        var last = (await turns.Last(cancellationToken)).ToDictionary(run => run.Job, StringComparer.Ordinal);
        return [.. plans.Select(plan => View(plan, plan.OnEachInstance ? runner.OwnLast(plan.Name) : last.GetValueOrDefault(plan.Name)))];
    }

    static JobView View(JobPlan plan, JobRun? last) => new()
    {
        Name = plan.Name,
        Does = plan.Does,
        When = plan.When,
        OnEachInstance = plan.OnEachInstance,
        Running = last is { Result: null },
        Last = last,
    };
}
