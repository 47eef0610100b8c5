using System.Net;
using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>It is a cache. Charging goes on without it, and a minute after its return it says what the database says.</summary>
[Collection(PrivateServers.Collection)]
[Trait(Schedules.Trait, Schedules.Long)]
public sealed class When_Redis_fails(PrivateServers servers, ITestOutputHelper output)
{
    static readonly TimeSpan Away = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Late = TimeSpan.FromMilliseconds(250);

    [Fact]
    public Task Killed_and_empty_again_it_is_filled_anew() => Trial.UnderLoad(servers, output, async stack =>
    {
        for (var death = 0; death < 3; death++)
        {
            await servers.Kill(PrivateServers.Redis);
            await ChargingGoesOn(stack);
            await servers.Start(PrivateServers.Redis);
            await stack.Confirmed(more: 200);
        }
    });

    [Fact]
    public Task In_a_black_hole_nobody_waits_for_it() => Trial.UnderLoad(servers, output, async stack =>
    {
        stack.Wires.Redis.Silence();
        await ChargingGoesOn(stack);
        await Task.Delay(Away);
    });

    [Fact]
    public Task Resetting_every_connection_it_is_left_alone_for_a_while() => Trial.UnderLoad(servers, output, async stack =>
    {
        stack.Wires.Redis.Refuse();
        await ChargingGoesOn(stack);
    });

    /// <summary>It still answers with what it has, which grows old: that is left behind, or taken away.</summary>
    [Fact]
    public Task Full_it_takes_nothing_new_and_nothing_old_stays() => Trial.UnderLoad(servers, output, async stack =>
    {
        await servers.RedisSays("CONFIG SET maxmemory 1");
        await ChargingGoesOn(stack);
        await Task.Delay(Away);
        await servers.RedisSays("CONFIG SET maxmemory 0");
    });

    /// <summary>
    /// What the one has committed arrives after what the other has committed since: versions decide, not arrival. It is slow and not
    /// given up: whoever gives a call up leaves the cache alone for seconds, and writes hardly anything late.
    /// </summary>
    [Fact]
    public async Task Written_late_by_one_of_two_services_it_keeps_what_is_newer()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await using var slow = new Wire(servers.PortOf(PrivateServers.Redis));
        slow.Delay(Late);
        var late = stack.CacheOver(slow);
        await stack.Begin();
        var quick = stack.Service;
        await stack.StartService(another: true, settings: [(late.Key, late.Value), ("Cache__CallMax", (Late * 20).ToString())]).Ready();
        var load = stack.StartLoad();
        await using (var readers = new QuotaReaders(quick.Address))
        {
            await stack.Confirmed(more: 4_000);
            await load.Finish();
            Assert.True(readers.Answered > 0, "no check was answered");
        }

        // Nobody asks any more: a check that finds too little to say yes reads the database, and mends what it finds behind.
        await stack.WaitUntilQuiet();
        await Task.Delay(Late * 4);
        await stack.Check(cacheAgreesAtOnce: true);
    }

    static async Task ChargingGoesOn(ServersStack stack)
    {
        var before = await stack.Charged();
        await stack.Confirmed(more: 1_000);
        await Eventually.That("more is charged", stack.Charged, charged => charged > before + 500, TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, await stack.Service.Health("ready"));
    }
}
