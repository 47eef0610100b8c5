using System.Net;
using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>An outage of the database is waited for: it moves no healthy message to an error queue, and heals without anybody's help.</summary>
[Collection(PrivateServers.Collection)]
[Trait(Schedules.Trait, Schedules.Long)]
public sealed class When_PostgreSQL_dies_and_comes_back(PrivateServers servers, ITestOutputHelper output)
{
    const int Deaths = 2;

    [Fact]
    public async Task Each_usage_is_charged_once_by_a_service_that_kept_running()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin();
        var load = stack.StartLoad();
        for (var death = 1; death <= Deaths; death++)
        {
            await stack.Confirmed(more: 1_000);
            await servers.Kill(PrivateServers.Postgres);
            await stack.Service.HealthBecomes("ready", HttpStatusCode.ServiceUnavailable);
            Assert.Equal(HttpStatusCode.OK, await stack.Service.Health("live"));

            await servers.Start(PrivateServers.Postgres);
            await stack.Service.Ready();
        }

        await stack.Confirmed(more: 1_000);
        await load.Finish();
        await stack.Check();
    }
}
