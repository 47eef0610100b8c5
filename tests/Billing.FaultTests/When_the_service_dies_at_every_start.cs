using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>A loop of crashes with its hands full: no count of deliveries turns healthy messages into errors.</summary>
[Collection(PrivateServers.Collection)]
[Trait(Schedules.Trait, Schedules.Long)]
public sealed class When_the_service_dies_at_every_start(PrivateServers servers, ITestOutputHelper output)
{
    const int Deaths = 6;
    const int UsageCount = 2_000;

    [Fact]
    public async Task Everything_is_charged_by_the_one_that_lives()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin();
        await stack.Service.Kill();
        await stack.Send([.. stack.Traffic.Next(UsageCount).Chunk(100), .. stack.Traffic.Next(100).Chunk(1)]);
        for (var death = 1; death <= Deaths; death++)
        {
            stack.StartService("before_commit:1");
            await stack.Service.Died();
            stack.Note($"death {death}");
        }

        await stack.Restart();
        await stack.Check();
    }
}
