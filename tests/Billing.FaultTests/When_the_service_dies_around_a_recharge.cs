using Billing.FaultTests.Harness;
using Billing.FaultTests.Harness.Recharges;

namespace Billing.FaultTests;

/// <summary>
/// One life after the other, each ended at a crash point of docs/flow.md between the order and the credit, and at last at moments that the
/// printed seed decides. The payment service tells of every payment twice.
/// </summary>
[Collection(PrivateServers.Collection)]
public sealed class When_the_service_dies_around_a_recharge(PrivateServers servers, ITestOutputHelper output)
{
    const int OrdersOfALife = 40;
    const int RandomDeaths = 3;
    const int LongestLifeMs = 2_000;

    [Fact]
    public async Task Each_payment_is_credited_once()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await DieAt(stack,
            // J: a door has passed a notification on, and not acknowledged it.
            "after_let_in:5",
            // K: inside the recharge's transaction.
            "before_recharge_commit:60",
            // L and N: committed, nothing published, nothing acknowledged.
            "after_recharge_commit:2",
            "after_recharge_commit:55",
            // M: published and confirmed, the row not deleted.
            "after_delivery:70",
            // O and P: before and after the ledger's commit.
            "before_commit:2",
            "after_commit:3");
    }

    [Fact]
    [Trait(Schedules.Trait, Schedules.Long)]
    public async Task Each_payment_is_credited_once_in_the_embedded_default()
    {
        await using var stack = new EmbeddedStack(output);
        await DieAt(stack, "after_recharge_commit:45", "after_delivery:30", "after_commit:5");
    }

    static async Task DieAt(Stack stack, params string[] crashPoints)
    {
        await stack.StartService(crashPoints[0]).Ready();
        await using var payments = stack.StartPaymentService();
        List<RechargeLoad> loads = [Order(stack, life: 0)];
        foreach (var next in (string?[])[.. crashPoints[1..], null])
        {
            await stack.Service.Died();
            stack.Note("a crash point was met");
            await stack.Restart(next);
            loads.Add(Order(stack, loads.Count));
        }
        for (var death = 0; death < RandomDeaths; death++)
        {
            await Task.Delay(stack.Chance.Next(LongestLifeMs));
            await stack.Service.Kill();
            await stack.Restart();
        }

        await stack.CheckRecharges(loads, payments);
    }

    static RechargeLoad Order(Stack stack, int life) => RechargeLoad.Start(stack.Service.Address, OrdersOfALife, life * OrdersOfALife);
}
