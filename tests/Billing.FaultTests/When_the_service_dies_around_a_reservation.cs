using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>Before and after the commit of a reservation, of the usage under it, or of its release: nothing is promised twice, nothing stays held.</summary>
[Collection(PrivateServers.Collection)]
public sealed class When_the_service_dies_around_a_reservation(PrivateServers servers, ITestOutputHelper output)
{
    // One gateway, so that commits come in the order reserve, use, release: crash points in a row meet one of each.
    static readonly string[] CrashPoints = ["before_commit:30", "after_commit:20", "after_commit:21", "after_commit:22", "before_commit:18", "before_commit:19"];

    [Fact]
    public async Task The_last_funds_are_handed_out_to_the_call()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await DieAtEach(stack);
    }

    [Fact]
    [Trait(Schedules.Trait, Schedules.Long)]
    public async Task The_last_funds_are_handed_out_to_the_call_in_the_embedded_default()
    {
        await using var stack = new EmbeddedStack(output);
        await DieAtEach(stack);
    }

    static async Task DieAtEach(Stack stack)
    {
        await stack.StartService(CrashPoints[0]).Ready();
        var gateway = new LeaseLoad(stack.Service.Address, "lessee");
        await gateway.Fund();
        var leasing = gateway.Run();
        foreach (var next in (string?[])[.. CrashPoints[1..], null])
        {
            await stack.Service.Died();
            await stack.Restart(next);
        }

        Assert.Equal(LeaseLoad.CallsFunded, await leasing);
        Assert.Equal(("0.00", "0.00"), await gateway.Account());
        await stack.CheckAudit();
    }
}
