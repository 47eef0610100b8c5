using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>Before and after the commit of a reservation, of the usage under it, or of its release: nothing is promised twice, nothing stays held.</summary>
[Collection(PrivateServers.Collection)]
public sealed class When_the_service_dies_around_a_reservation(PrivateServers servers, ITestOutputHelper output)
{
    [Theory]
    [InlineData("before_commit:30")]
    [InlineData("after_commit:31")]
    [InlineData("after_commit:32")]
    [InlineData("after_commit:33")]
    public async Task The_last_funds_are_handed_out_to_the_call(string crashPoint)
    {
        await using var stack = await ServersStack.Create(servers, output);
        await DieAt(stack, crashPoint);
    }

    [Theory]
    [InlineData("before_commit:30")]
    [InlineData("after_commit:31")]
    [InlineData("after_commit:32")]
    [InlineData("after_commit:33")]
    public async Task The_last_funds_are_handed_out_to_the_call_in_the_embedded_default(string crashPoint)
    {
        await using var stack = new EmbeddedStack(output);
        await DieAt(stack, crashPoint);
    }

    // One gateway, so that commits come in the order reserve, use, release: three crash points in a row meet one of each.
    static async Task DieAt(Stack stack, string crashPoint)
    {
        await stack.StartService(crashPoint).Ready();
        var gateway = new LeaseLoad(stack.Service.Address, "lessee");
        await gateway.Fund();
        var leasing = gateway.Run();
        await stack.Service.Died();
        await stack.Restart();

        Assert.Equal(LeaseLoad.CallsFunded, await leasing);
        Assert.Equal(("0.00", "0.00"), await gateway.Account());
        await stack.CheckAudit();
    }
}
