using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>Gateways that hold leases are killed, or the service is away from them: no more is let through than is paid for, and nothing stays held.</summary>
[Collection(PrivateServers.Collection)]
public sealed class When_a_gateway_holds_leases(PrivateServers servers, ITestOutputHelper output)
{
    const string User = "lessee";
    static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(120);
    static readonly TimeSpan Away = TimeSpan.FromSeconds(20);

    [Fact]
    [Trait(Schedules.Trait, Schedules.Long)]
    public async Task Killed_they_lose_their_leases_and_no_call()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.StartService(settings: [("Reservations__SettleGrace", "00:00:20"), ("Reservations__SweepEvery", "00:00:01")]).Ready();
        var account = new LeaseLoad(stack.Service.Address, User);
        await account.Fund();

        await using (var first = Lessee(stack, 1))
        await using (var second = Lessee(stack, 2))
        {
            await Task.WhenAll(first.Taken(more: 40), second.Taken(more: 40));
            await Task.WhenAll(first.Kill(), second.Kill());
            Assert.NotEqual("0.00", (await account.Account()).Held);
        }

        // They start again on their folders, send what stood in their journals, and call on until the funds end.
        await using var firstAgain = Lessee(stack, 1);
        await using var secondAgain = Lessee(stack, 2);
        await Eventually.That("the funds are spent and nothing is held", account.Account, state => state == ("0.00", "0.00"), BackWithin);
        Assert.Equal((0, 0), (await firstAgain.Terminate(), await secondAgain.Terminate()));

        Assert.Equal(("0.00", "0.00"), await account.Account());
        await AllIsCharged(stack, LeaseLoad.CallsFunded, firstAgain, secondAgain);
    }

    [Fact]
    [Trait(Schedules.Trait, Schedules.Long)]
    public async Task While_the_service_is_away_calls_go_on_under_the_leases_in_hand()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.StartService().Ready();
        var account = new LeaseLoad(stack.Service.Address, User);
        await account.Fund(calls: 500_000);

        await using var gateway = Lessee(stack, 1, ("Billing__Gate__LeaseTime", "00:01:00"), ("Billing__Gate__UnitsMin", "60000"));
        await gateway.Taken(more: 200);
        await stack.Service.Kill();
        var before = gateway.ReadNotebook().Taken.Count;
        await Task.Delay(Away);
        var during = gateway.ReadNotebook().Taken.Count - before;
        output.WriteLine($"{during} calls while the service was away");
        Assert.True(during > 500, $"{during} calls while the service was away");

        await stack.Restart();
        await gateway.Taken(more: 500);
        Assert.Equal(0, await gateway.Terminate());
        await Eventually.That("nothing is held", account.Account, state => state.Held == "0.00", BackWithin);
        await AllIsCharged(stack, gateway.ReadNotebook().Taken.Count, gateway);
    }

    static GatewayProcess Lessee(ServersStack stack, int number, params (string Name, string Value)[] settings) =>
        stack.StartLessee(number, User, [("Billing__Gate__LeaseTime", "00:00:05"), ("Billing__Gate__RefusalFor", "00:00:00.5"), .. settings]);

    static async Task AllIsCharged(ServersStack stack, int calls, params GatewayProcess[] gateways)
    {
        foreach (var gateway in gateways)
        {
            Assert.Equal(0, gateway.Spooled);
            var (sent, taken) = gateway.ReadNotebook();
            stack.Journal.Sending([.. sent.Values]);
            stack.Journal.Confirm([.. taken.Keys.Select(id => sent[id])]);
        }
        await Eventually.That($"{calls} calls are charged", stack.Charged, records => records == calls, BackWithin);
        await stack.CheckAudit();
    }
}
