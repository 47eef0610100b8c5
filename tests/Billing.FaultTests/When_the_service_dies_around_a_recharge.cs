using Billing.FaultTests.Harness;
using Billing.FaultTests.Harness.Recharges;

namespace Billing.FaultTests;

/// <summary>At each crash point of docs/flow.md between the order and the credit. The payment service tells of every payment twice.</summary>
[Collection(PrivateServers.Collection)]
public sealed class When_the_service_dies_around_a_recharge(PrivateServers servers, ITestOutputHelper output)
{
    const int Orders = 40;

    [Theory]
    // J: a door has passed a notification on, and not acknowledged it.
    [InlineData("after_let_in:5")]
    // K: inside the recharge's transaction.
    [InlineData("before_recharge_commit:60")]
    // L and N: committed, nothing published, nothing acknowledged.
    [InlineData("after_recharge_commit:2")]
    [InlineData("after_recharge_commit:55")]
    // M: published and confirmed, the row not deleted.
    [InlineData("after_delivery:70")]
    // O and P: before and after the ledger's commit.
    [InlineData("before_commit:2")]
    [InlineData("after_commit:3")]
    public async Task Each_payment_is_credited_once(string crashPoint)
    {
        await using var stack = await ServersStack.Create(servers, output);
        await DieAt(stack, crashPoint);
    }

    [Theory]
    [InlineData("after_recharge_commit:45")]
    [InlineData("after_delivery:30")]
    [InlineData("after_commit:5")]
    public async Task Each_payment_is_credited_once_in_the_embedded_default(string crashPoint)
    {
        await using var stack = new EmbeddedStack(output);
        await DieAt(stack, crashPoint);
    }

    [Fact]
    public async Task Killed_again_and_again_each_payment_is_credited_once()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.StartService().Ready();
        await using var payments = stack.StartPaymentService();
        var load = RechargeLoad.Start(stack.Service.Address, 2 * Orders);
        for (var kill = 0; kill < 4; kill++)
        {
            await Task.Delay(stack.Chance.Next(200, 2_000));
            await stack.Service.Kill();
            await stack.Restart();
        }
        await stack.CheckRecharges(load, payments);
    }

    static async Task DieAt(Stack stack, string crashPoint)
    {
        await stack.StartService(crashPoint).Ready();
        await using var payments = stack.StartPaymentService();
        var load = RechargeLoad.Start(stack.Service.Address, Orders);
        await stack.Service.Died();
        await stack.Restart();
        await stack.CheckRecharges(load, payments);
    }
}
