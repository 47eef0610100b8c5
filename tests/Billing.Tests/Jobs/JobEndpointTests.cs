using Billing.Service.Http;
using Billing.Service.Jobs;
using Billing.Service.Ledger;
using Billing.TestSupport;
using Billing.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests.Jobs;

/// <summary>Jobs as an operator sees and runs them, and how the runner bears what can go wrong.</summary>
public sealed class JobEndpointTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    static readonly TaskCompletionSource Never = new();

    RunningService Service => fixture.Service;

    JobRunner Runner => Service.Services.GetRequiredService<JobRunner>();

    [Fact]
    public async Task All_jobs_are_listed_with_when_they_run_and_how_it_went()
    {
        Assert.Equal(202, (await Service.Post("/v1/jobs/forget-runs/run", new { })).Status);
        var job = await Eventually.That(() => Job("forget-runs"), job => job["last"]?["result"] is not null, "it is done");

        Assert.Equal(("done", "every 01:00:00", false), ((string)job["last"]!["result"]!, (string)job["when"]!, (bool)job["running"]!));
        var (_, list) = await Service.Get("/v1/jobs");
        Assert.Equal(Service.Services.GetRequiredService<IReadOnlyList<JobPlan>>().Select(plan => plan.Name), list!["items"]!.AsArray().Select(item => (string)item!["name"]!));
    }

    [Fact]
    public async Task A_job_that_is_not_there_or_is_running_is_refused()
    {
        Assert.Equal((404, "job_not_found"), await Code("/v1/jobs/nothing/run"));
        Assert.Equal(404, (await Service.Get("/v1/jobs/nothing")).Status);

        var held = await Service.Services.GetRequiredService<JobTurns>().Take("prepare-database", due: null, default);
        Assert.Equal((409, "job_running"), await Code("/v1/jobs/prepare-database/run"));
        Assert.True((bool)(await Job("prepare-database"))["running"]!);
        await Service.Services.GetRequiredService<JobTurns>().End(held! with { FinishedAt = Service.Now, Result = JobRun.Done }, default);
        Assert.Equal(202, (await Service.Post("/v1/jobs/prepare-database/run", new { })).Status);
    }

    [Fact]
    public async Task The_verbs_list_and_run_jobs()
    {
        var url = Service.Client.BaseAddress!.ToString();

        Assert.Equal(0, await JobsCommand.BuildList().Parse(["--url", url]).InvokeAsync());
        Assert.Equal(0, await JobsCommand.BuildRun().Parse(["audit", "--url", url]).InvokeAsync());
        Assert.Equal(1, await JobsCommand.BuildRun().Parse(["nothing", "--url", url]).InvokeAsync());
        Assert.Equal(4, await JobsCommand.BuildRun().Parse(["audit", "--url", "http://127.0.0.1:9"]).InvokeAsync());
        Assert.Equal("done", (string)(await Job("audit"))["last"]!["result"]!);
    }

    [Fact]
    public async Task A_job_that_throws_has_failed_and_the_next_moment_is_another_try()
    {
        var fails = Plan("fails", _ => throw new InvalidOperationException("no such thing"));

        await Runner.Run(fails, Service.Now, default);
        await Runner.Run(fails, Service.Now, default);

        var kept = await Service.Services.GetRequiredService<JobRuns>().List("fails", 10, default);
        Assert.Equal([(JobRun.Failed, "no such thing"), (JobRun.Failed, "no such thing")], kept.Select(run => (run.Result!, run.Detail!)));
    }

    [Fact]
    public async Task A_stop_breaks_a_job_off_and_frees_its_turn()
    {
        using var stop = new CancellationTokenSource();
        var waits = Plan("waits", async token => { await Never.Task.WaitAsync(token); return new JobResult(0); });
        var run = (await Runner.Begin(waits, Service.Now, default))!;
        var carried = Runner.Carry(waits, run, stop.Token);
        await stop.CancelAsync();

        Assert.Equal(JobRun.Stopped, (await carried).Result);
        Assert.NotNull(await Runner.Begin(waits, due: null, default));
    }

    [Fact]
    public async Task A_long_job_holds_its_turn_and_stops_by_itself_once_another_instance_has_taken_it_over()
    {
        var runner = ActivatorUtilities.CreateInstance<JobRunner>(Service.Services, new HurriedTime());
        var slow = Plan("slow", async token => { await Never.Task.WaitAsync(token); return new JobResult(0); });
        var run = (await runner.Begin(slow, Service.Now, default))!;
        var carried = runner.Carry(slow, run, default);

        await Eventually.That(() => Count("select count(*) from job_turn where job = 'slow' and taken_until > started_at + $1", Microseconds(JobTurns.HeldFor)), held => held == 1, "the turn is moved ahead");
        Assert.False(carried.IsCompleted);
        await Execute("update job_turn set run_id = $1 where job = 'slow'", Guid.CreateVersion7(Service.Now));

        Assert.Equal(JobRun.Stopped, (await carried.WaitAsync(TimeSpan.FromSeconds(20))).Result);
    }

    [Fact]
    public async Task What_each_instance_does_for_itself_needs_no_row_and_runs_once_at_a_time()
    {
        var own = Plan("own", async token => { await Never.Task.WaitAsync(token); return new JobResult(0); }) with { OnEachInstance = true };

        Assert.NotNull(await Runner.Begin(own, Service.Now, default));
        Assert.Null(await Runner.Begin(own, Service.Now, default));
        Assert.Null((await Runner.Begin(own, due: null, default)));
        Assert.DoesNotContain(await Service.Services.GetRequiredService<JobTurns>().Last(default), run => run.Job == "own");
    }

    static JobPlan Plan(string name, Func<CancellationToken, Task<JobResult>> run) => new() { Name = name, Does = "A test.", Make = _ => new Body(run) };

    async Task<System.Text.Json.Nodes.JsonNode> Job(string name) => (await Service.Get($"/v1/jobs/{name}")).Body!;

    async Task<(int, string)> Code(string path)
    {
        var (status, body) = await Service.Post(path, new { });
        return (status, (string)body!["code"]!);
    }

    static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    async Task<long> Count(string sql, params object?[] parameters)
    {
        var database = Service.Services.GetRequiredService<IDatabase>();
        await using var connection = await database.Open(default);
        return (await database.Query(connection, sql, reader => reader.GetInt64(0), default, parameters))[0];
    }

    async Task Execute(string sql, params object?[] parameters)
    {
        var database = Service.Services.GetRequiredService<IDatabase>();
        await using var connection = await database.Open(default);
        Assert.Equal(1, await database.Execute(connection, sql, default, parameters));
    }

    /// <summary>The right time, but whoever waits waits a hundredth of it.</summary>
    sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 100 : dueTime, period);
    }

    sealed class Body(Func<CancellationToken, Task<JobResult>> run) : IBillingJob
    {
        public Task<JobResult> Run(CancellationToken cancellationToken) => run(cancellationToken);
    }
}
