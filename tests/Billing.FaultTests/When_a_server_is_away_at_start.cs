using System.Net;
using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>Servers start in any order: the service is alive, says that it is not ready, waits, and then does its work.</summary>
[Collection(PrivateServers.Collection)]
public sealed class When_a_server_is_away_at_start(PrivateServers servers, ITestOutputHelper output)
{
    [Fact]
    public async Task The_service_waits_for_PostgreSQL_and_then_charges() => await StartWithout(PrivateServers.Postgres);

    [Fact]
    [Trait(Schedules.Trait, Schedules.Long)]
    public async Task The_service_waits_for_the_broker_and_then_charges() => await StartWithout(PrivateServers.RabbitMq);

    async Task StartWithout(string server)
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin();
        await stack.Service.Kill();
        await stack.Send(stack.Traffic.Next(200), stack.Traffic.Next(1));
        // In good order: what a server's violent death does is for other tests.
        await servers.Stop(server);

        stack.StartService();
        await stack.Service.HealthBecomes("live", HttpStatusCode.OK);
        await stack.Service.HealthBecomes("ready", HttpStatusCode.ServiceUnavailable);

        await servers.Start(server);
        await stack.Service.Ready();
        await stack.Check();
    }
}
