using Quartz;

namespace Billing.Service.Jobs;

/// <summary>Where Quartz hands over: every plan's trigger ends here.</summary>
[DisallowConcurrentExecution]
sealed class ScheduledJob(JobRunner runner, IReadOnlyList<JobPlan> plans, TimeProvider time) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var plan = plans.Single(plan => plan.Name == context.JobDetail.Key.Name);
        // The planned moment, not this one: it is the same on every instance.
        await runner.Run(plan, context.ScheduledFireTimeUtc ?? time.GetUtcNow(), cancellationToken);
    }
}
