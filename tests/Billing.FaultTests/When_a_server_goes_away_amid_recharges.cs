using Billing.FaultTests.Harness;
using Billing.FaultTests.Harness.Recharges;

namespace Billing.FaultTests;

/// <summary>Orders go on while the broker is away, and wait for the database; what was paid is credited once when all is back.</summary>
[Collection(PrivateServers.Collection)]
[Trait(Schedules.Trait, Schedules.Long)]
public sealed class When_a_server_goes_away_amid_recharges(PrivateServers servers, ITestOutputHelper output)
{
    const int Orders = 120;
    static readonly TimeSpan Away = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task The_broker_stopped_for_ten_seconds_costs_only_time()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.StartService().Ready();
        await using var payments = stack.StartPaymentService();
        var load = RechargeLoad.Start(stack.Service.Address, Orders);
        await Eventually.That("some are paid", () => payments.Succeeded.Count, count => count > Orders / 10, TimeSpan.FromSeconds(60));

        await servers.Stop(PrivateServers.RabbitMq);
        stack.Note("the broker has stopped");
        await Task.Delay(Away);
        await servers.Start(PrivateServers.RabbitMq);
        await stack.Service.Ready();
        stack.Note("the broker is back");
        await stack.CheckRecharges([load], payments);
    }

    [Fact]
    public async Task PostgreSQL_killed_and_started_again_costs_only_time()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.StartService().Ready();
        await using var payments = stack.StartPaymentService();
        var load = RechargeLoad.Start(stack.Service.Address, Orders);
        await Eventually.That("some are paid", () => payments.Succeeded.Count, count => count > Orders / 10, TimeSpan.FromSeconds(60));

        await servers.Kill(PrivateServers.Postgres);
        stack.Note("PostgreSQL was killed");
        await servers.Start(PrivateServers.Postgres);
        await stack.Service.Ready();
        await stack.CheckRecharges([load], payments);
    }
}
