using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>Two services share one broker and one database. What the dead one held, the other gets.</summary>
[Collection(PrivateServers.Collection)]
[Trait(Schedules.Trait, Schedules.Long)]
public sealed class When_one_of_two_services_dies(PrivateServers servers, ITestOutputHelper output)
{
    [Fact]
    public async Task The_other_takes_over_and_each_usage_is_charged_once()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin();
        var first = stack.Service;
        var second = stack.StartService(another: true);
        await second.Ready();
        var load = stack.StartLoad();
        await stack.Confirmed(more: 2_000);

        await first.Kill();
        await stack.Confirmed(more: 2_000);
        await load.Finish();
        await stack.Check();
        Assert.False(first.IsAlive);
    }
}
