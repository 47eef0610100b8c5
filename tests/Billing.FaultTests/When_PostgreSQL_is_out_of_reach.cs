using System.Net;
using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>It is there and cannot be worked with. Commands end in time, nothing healthy becomes an error, and the service heals by itself.</summary>
[Collection(PrivateServers.Collection)]
[Trait(Schedules.Trait, Schedules.Long)]
public sealed class When_PostgreSQL_is_out_of_reach(PrivateServers servers, ITestOutputHelper output)
{
    static readonly TimeSpan Away = TimeSpan.FromSeconds(20);

    [Fact]
    public Task Standing_still_it_is_noticed_and_waited_for() => Trial.UnderLoad(servers, output, async stack =>
    {
        await servers.Pause(PrivateServers.Postgres);
        await NotReadyButAlive(stack);
        await Task.Delay(Away);
        await servers.Resume(PrivateServers.Postgres);
    });

    /// <summary>What the service had sent before it gave up arrives after the healing: commits, too, that nobody waits for any more.</summary>
    [Fact]
    public Task In_a_black_hole_commands_fail_within_seconds() => Trial.UnderLoad(servers, output, async stack =>
    {
        stack.Wires.Postgres.Silence();
        await NotReadyButAlive(stack);
        await Task.Delay(Away);
    });

    [Fact]
    public Task Resetting_every_connection_it_is_tried_again() => Trial.UnderLoad(servers, output, async stack =>
    {
        stack.Wires.Postgres.Refuse();
        await NotReadyButAlive(stack);
        await Task.Delay(Away / 4);
    });

    /// <summary>Amid answers: what a command did is often unknown, and that of a commit too.</summary>
    [Fact]
    public Task Cut_off_amid_its_answers_each_usage_is_charged_once() => Trial.UnderLoad(servers, output, async stack =>
    {
        for (var cut = 0; cut < 30; cut++)
        {
            stack.Wires.Postgres.CutAfter(stack.Chance.Next(1, 3_000));
            await Task.Delay(stack.Chance.Next(50, 400));
            stack.Wires.Postgres.Heal();
            await Task.Delay(stack.Chance.Next(50, 400));
        }
    });

    [Fact]
    public Task Slow_it_is_charged_with_in_larger_batches() => Trial.UnderLoad(servers, output, async stack =>
    {
        stack.Wires.Postgres.Delay(TimeSpan.FromMilliseconds(100));
        var before = await stack.Charged();
        await Task.Delay(Away);
        Assert.True(await stack.Charged() > before, "nothing was charged");
    });

    [Fact]
    public Task Killed_amid_commits_again_and_again_each_usage_is_charged_once() => Trial.UnderLoad(servers, output, async stack =>
    {
        for (var death = 1; death <= 8; death++)
        {
            await Task.Delay(stack.Chance.Next(20, 900));
            await servers.Kill(PrivateServers.Postgres);
            await servers.Start(PrivateServers.Postgres);
            stack.Note($"PostgreSQL's death {death}");
        }
    });

    [Fact]
    public Task With_all_accounts_locked_by_somebody_charging_waits() => Trial.UnderLoad(servers, output, async stack =>
        await stack.ExecuteAsAdmin($"begin; lock table ledger.account in exclusive mode; select pg_sleep({Away.TotalSeconds}); commit"));

    /// <summary>As on a disk that is worn out, or shared with somebody: it waits so before it writes down each commit.</summary>
    [Fact]
    public Task With_a_disk_that_takes_100_ms_for_each_commit_it_is_charged_in_larger_batches() => Trial.UnderLoad(servers, output, async stack =>
    {
        await Set("commit_delay = 100000");
        await Set("commit_siblings = 0");
        var (before, commits) = (await stack.Charged(), await Commits());
        await Task.Delay(Away);
        var (charged, each) = (await stack.Charged() - before, Away / (await Commits() - commits));
        stack.Note($"{charged} were charged, a commit each {each.TotalMilliseconds:0} ms");
        Assert.True(charged > 500, $"only {charged} were charged");
        await Set("commit_delay = 0");

        async Task Set(string setting)
        {
            await stack.ExecuteAsAdmin($"alter system set {setting}");
            await stack.ExecuteAsAdmin("select pg_reload_conf()");
        }

        Task<double> Commits() => stack.Number("select xact_commit from pg_stat_database where datname = current_database()");
    });

    [RootFact]
    public Task With_its_disk_full_to_the_last_byte_usage_waits_in_the_queues() => Trial.UnderLoad(servers, output, async stack =>
    {
        await using var disk = await SmallDisk.Below(stack);
        disk.Fill();
        // Until then there is room in pages that were there before.
        var (last, _) = await Eventually.That("nothing more is charged", Within5Seconds, charged => charged.Before == charged.After, TimeSpan.FromMinutes(1));
        await stack.Confirmed(more: 500);
        Assert.Equal(last, await stack.Charged());
        Assert.Contains(servers.Log(PrivateServers.Postgres), line => line.Contains("No space left on device", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, await stack.Service.Health("live"));

        disk.MakeRoom();
        await Eventually.That("it goes on", stack.Charged, charged => charged > last, TimeSpan.FromMinutes(1));

        async Task<(long Before, long After)> Within5Seconds()
        {
            var before = await stack.Charged();
            await Task.Delay(Away / 4);
            return (before, await stack.Charged());
        }
    });

    /// <summary>SQLSTATE 53100 as it says it for every row that needs a new page; a trigger says it here, where nobody may be root.</summary>
    [Fact]
    public Task With_no_room_on_its_disk_usage_waits_in_the_queues() => Trial.UnderLoad(servers, output, async stack =>
    {
        await stack.ExecuteAsAdmin(
            """
            create function public.no_room() returns trigger language plpgsql as $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
            create trigger no_room before insert on ledger.usage_record for each statement execute function public.no_room();
            """);
        var before = await stack.Charged();
        await stack.Confirmed(more: 500);
        await Task.Delay(Away);
        Assert.Equal(before, await stack.Charged());
        Assert.Equal(HttpStatusCode.OK, await stack.Service.Health("live"));
        await stack.ExecuteAsAdmin("drop function public.no_room cascade");
    });

    [Fact]
    public Task With_another_password_the_service_is_not_ready_until_it_has_its_own_again() => Trial.UnderLoad(servers, output, async stack =>
    {
        var password = new Npgsql.NpgsqlConnectionStringBuilder(servers["BILLING_POSTGRES"]).Password;
        await stack.ExecuteAsAdmin("alter role billing password 'another'; select pg_terminate_backend(pid) from pg_stat_activity where usename = 'billing'");
        try
        {
            await NotReadyButAlive(stack);
        }
        finally
        {
            await stack.ExecuteAsAdmin($"alter role billing password '{password}'");
        }
    });

    static async Task NotReadyButAlive(ServersStack stack)
    {
        await stack.Service.HealthBecomes("ready", HttpStatusCode.ServiceUnavailable);
        stack.Note("the service says that it is not ready");
        Assert.Equal(HttpStatusCode.OK, await stack.Service.Health("live"));
    }
}
