using Billing.Service.Jobs;
using Billing.TestSupport.Ledger;

namespace Billing.TestSupport.Jobs;

/// <summary>The rows by which several instances share jobs, whatever database is below them. Times are seconds.</summary>
public abstract class JobTurnsCompliance : IAsyncLifetime
{
    const string Job = "tidy";
    static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    static readonly int Held = (int)JobTurns.HeldFor.TotalSeconds;

    protected LedgerUnderTest Ledger { get; private set; } = null!;

    protected abstract Task<LedgerUnderTest> OpenLedger();

    public async Task InitializeAsync() => Ledger = await OpenLedger();

    public async Task DisposeAsync() => await Ledger.DisposeAsync();

    [Fact]
    public async Task Of_many_instances_one_takes_each_planned_moment()
    {
        for (var moment = 0; moment < 5; moment++)
        {
            var taken = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Take(moment, due: moment))));
            await End(moment, Assert.Single(taken, run => run is not null)!);
        }
        Assert.Equal(1, await Ledger.Count("select count(*) from job_turn"));
    }

    [Fact]
    public async Task A_moment_that_was_run_is_not_run_again_by_an_instance_whose_clock_is_late()
    {
        await End(2, (await Take(0, due: 0))!);

        Assert.Null(await Take(3, due: 0));
        Assert.Null(await Take(3, due: -60));
        Assert.NotNull(await Take(3, due: 60));
    }

    [Fact]
    public async Task While_it_runs_nobody_else_begins_it_by_the_clock_or_by_hand()
    {
        var run = (await Take(0, due: 0))!;

        Assert.Null(await Take(30, due: 30));
        Assert.Null(await Take(30, due: null));
        Assert.True(await At(30).Hold(run, default));
        Assert.Null(await Take(Held + 29, due: 60));
        await End(Held + 29, run);
        Assert.NotNull(await Take(Held + 29, due: 60));
    }

    [Fact]
    public async Task Who_dies_is_followed_when_its_time_is_over_and_one_sees_that_it_was_broken_off()
    {
        var dead = (await Take(0, due: 0))!;
        Assert.Null((await At(Held - 1).Last(default))[0].Result);
        Assert.Equal(JobRun.BrokenOff, (await At(Held).Last(default))[0].Result);

        Assert.Null(await Take(Held - 1, due: 30));
        var next = (await Take(Held, due: 60))!;

        var kept = Assert.Single(await Runs());
        Assert.Equal((dead.RunId, JobRun.BrokenOff, null), (kept.RunId, kept.Result, kept.FinishedAt));
        Assert.False(await At(Held).Hold(dead, default));
        Assert.False(await At(Held).End(Ended(Held, dead, rows: 9), default));
        Assert.Equal(next.RunId, (await At(Held).Last(default))[0].RunId);
        Assert.Single(await Runs());
    }

    [Fact]
    public async Task A_run_by_hand_takes_no_planned_moment_away()
    {
        await End(0, (await Take(0, due: 0))!);
        await End(1, (await Take(1, due: null))!);

        Assert.Null(await Take(2, due: 0));
        Assert.NotNull(await Take(2, due: 2));
    }

    [Fact]
    public async Task The_first_run_may_be_by_hand()
    {
        await End(0, (await Take(0, due: null))!);

        Assert.NotNull(await Take(1, due: 0));
    }

    [Fact]
    public async Task An_instance_whose_clock_was_a_day_ahead_does_not_hold_up_the_others()
    {
        const int day = 24 * 60 * 60;
        await Take(day, due: day);

        var run = await Take(0, due: 0);
        Assert.NotNull(run);
        await End(0, run);
        Assert.Null(await Take(0, due: 0));
    }

    [Fact]
    public async Task What_did_something_or_failed_is_kept_and_what_had_nothing_to_do_is_the_last_run_only()
    {
        await At(1).End(Ended(1, (await Take(0, due: 0))!, rows: 0), default);
        Assert.Empty(await Runs());
        await At(3).End(Ended(3, (await Take(2, due: 2))!, rows: 7), default);
        await At(5).End(Ended(5, (await Take(4, due: 4))!, rows: 0) with { Result = JobRun.Failed, Detail = "why" }, default);

        Assert.Equal([(JobRun.Failed, 0L, "why"), (JobRun.Done, 7L, null)], (await Runs()).Select(run => (run.Result!, run.Rows, run.Detail)));
        var last = Assert.Single(await At(6).Last(default));
        Assert.Equal((Job, Start.AddSeconds(4), Start.AddSeconds(5), JobRun.Failed, "why"), (last.Job, last.StartedAt, last.FinishedAt!.Value, last.Result!, last.Detail!));
    }

    [Fact]
    public async Task Old_runs_and_audits_are_deleted_whatever_their_number_and_others_stay()
    {
        for (var number = 0; number < 1_003; number++)
            await Ledger.Execute("insert into job_run (run_id, job, started_at, result, row_count) values ($1, 'old', $2, 'done', 1)", Ids.WithTime(), Start.AddDays(-30).AddSeconds(-1 - number));
        foreach (var age in (int[])[29, 30, 31, 399, 401])
            await Ledger.Execute("insert into audit_run (run_id, audited_at, duration_ms, holds, violations, report) values ($1, $2, 1, $3, 0, $4)", Ids.WithTime(), Start.AddDays(-age), true, "{}");
        await End(0, (await Take(0, due: 0))!, rows: 1);

        var result = await new ForgetRunsJob(Ledger.Database, Clock(0)).Run(default);

        Assert.Equal(1_004, result.Rows);
        Assert.Single(await Runs());
        Assert.Equal((1, 4), (await Ledger.Count("select count(*) from job_run"), await Ledger.Count("select count(*) from audit_run")));
    }

    JobTurns At(int seconds) => new(Ledger.Database, Clock(seconds));

    Task<JobRun?> Take(int seconds, int? due) => At(seconds).Take(Job, due is { } moment ? Start.AddSeconds(moment) : null, default);

    async Task End(int seconds, JobRun run, long rows = 0) => Assert.True(await At(seconds).End(Ended(seconds, run, rows), default));

    static JobRun Ended(int seconds, JobRun run, long rows) => run with { FinishedAt = Start.AddSeconds(seconds), Result = JobRun.Done, Rows = rows };

    Task<IReadOnlyList<JobRun>> Runs() => new JobRuns(Ledger.Database).List(Job, 10, default);

    static FixedTime Clock(int seconds) => new(Start.AddSeconds(seconds));
}
