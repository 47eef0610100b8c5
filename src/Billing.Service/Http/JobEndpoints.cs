using Billing.Service.Jobs;

namespace Billing.Service.Http;

/// <summary>What runs by the clock, how it went, and a run by hand.</summary>
static class JobEndpoints
{
    const int RunsMax = 50;

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/v1/jobs");
        jobs.MapGet("", List).WithSummary("All jobs, each with its last run.");
        jobs.MapGet("/{job}", Find).WithSummary("A job with its last runs that did something, failed or were broken off, newest first.");
        jobs.MapPost("/{job}/run", Run).WithSummary("Run a job now. The answer does not wait for its end.");
    }

    static async Task<IResult> List(JobViews views, CancellationToken cancellationToken) => Results.Ok(new { items = await views.All(cancellationToken) });

    static async Task<IResult> Find(string job, JobViews views, JobRuns runs, CancellationToken cancellationToken) =>
        (await views.All(cancellationToken)).FirstOrDefault(view => view.Name == job) is { } view
            ? Results.Ok(view with { Runs = await runs.List(job, RunsMax, cancellationToken) })
            : NotFound(job);

    static async Task<IResult> Run(string job, IReadOnlyList<JobPlan> plans, JobsByHand byHand, CancellationToken cancellationToken)
    {
        if (plans.FirstOrDefault(plan => plan.Name == job) is not { } plan) return NotFound(job);
        return await byHand.Start(plan, cancellationToken) is { } run ? Results.Accepted($"/v1/jobs/{job}", run) : Problems.Of(ErrorCodes.JobRunning);
    }

    static IResult NotFound(string job) => Problems.Of(ErrorCodes.JobNotFound, $"There is no job '{job}'.");
}
