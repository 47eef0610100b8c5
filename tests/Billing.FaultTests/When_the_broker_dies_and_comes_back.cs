using System.Net;
using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>What the broker confirmed is on its disk; what it did not confirm, the gateway publishes again with the same ids.</summary>
[Collection(PrivateServers.Collection)]
[Trait(Schedules.Trait, Schedules.Long)]
public sealed class When_the_broker_dies_and_comes_back(PrivateServers servers, ITestOutputHelper output)
{
    [Fact]
    public async Task Each_usage_is_charged_once_by_a_service_that_kept_running()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin();
        var load = stack.StartLoad();
        await stack.Confirmed(more: 2_000);

        await servers.Kill(PrivateServers.RabbitMq);
        await stack.Service.HealthBecomes("ready", HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, await stack.Service.Health("live"));

        await servers.Start(PrivateServers.RabbitMq);
        await stack.Service.Ready();
        await stack.Confirmed(more: 2_000);
        await load.Finish();
        await stack.Check();
    }
}
