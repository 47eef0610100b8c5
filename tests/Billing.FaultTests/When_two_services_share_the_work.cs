using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>One broker, one database, one cache, two processes that take the same accounts at the same time.</summary>
[Collection(PrivateServers.Collection)]
[Trait(Schedules.Trait, Schedules.Long)]
public sealed class When_two_services_share_the_work(PrivateServers servers, ITestOutputHelper output)
{
    const int UsageCount = 4_000;
    static readonly TimeSpan StandsStill = TimeSpan.FromSeconds(20);

    /// <summary>Accounts are locked in one order everywhere: two batches with the same users in opposite order wait for each other, and never in a circle.</summary>
    [Fact]
    public async Task The_same_usage_in_opposite_orders_is_charged_once_and_without_a_deadlock()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin();
        await stack.StartService(another: true).Ready();
        var usages = stack.Traffic.Next(UsageCount);
        var deadlocksBefore = await stack.Deadlocks();

        await Task.WhenAll(stack.Send([.. usages.Chunk(200)]), stack.Send([.. usages.AsEnumerable().Reverse().Chunk(170)]), stack.Send([.. usages.Take(300).Chunk(1)]));

        await stack.Check();
        Assert.Equal(deadlocksBefore, await stack.Deadlocks());
    }

    /// <summary>What it was amid, its locks and its messages, is not waited for without end; what it does when it wakes harms nobody.</summary>
    [Fact]
    public async Task One_that_stands_still_and_wakes_again_charges_nothing_twice()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin();
        var first = stack.Service;
        await stack.StartService(another: true).Ready();
        var load = stack.StartLoad();
        for (var pause = 0; pause < 2; pause++)
        {
            await stack.Confirmed(more: 1_000);
            first.Pause();
            var charged = await stack.Charged();
            await Task.Delay(StandsStill);
            Assert.True(await stack.Charged() > charged, "the other one charged nothing meanwhile");
            first.Resume();
        }
        await stack.Confirmed(more: 1_000);
        await load.Finish();
        await stack.Check();
    }

    /// <summary>Whoever's clock is wrong: which month a usage belongs to, and whether it is too old, is not the machine's to say.</summary>
    [Theory]
    [InlineData("+10m")]
    [InlineData("-3h")]
    [InlineData("+40d")]
    public async Task One_whose_clock_is_wrong_charges_as_the_other_does(string offset)
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin();
        var wrong = stack.StartService(another: true, settings: [("LD_PRELOAD", Faketime.Library), ("FAKETIME", offset), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")]);
        await wrong.Ready();

        await Task.WhenAll(stack.Send([.. stack.Traffic.Next(UsageCount / 2).Chunk(100)]), stack.Send([.. stack.Traffic.Next(200).Chunk(1)]));

        // Under this library waits of threads return early, and so does that of a process for its own orderly end.
        await stack.WaitUntilQuiet();
        await wrong.Kill();
        await stack.Check();
    }
}
