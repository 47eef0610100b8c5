using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>What is acknowledged is committed, and comes no more. Its neighbours in work come again.</summary>
[Collection(PrivateServers.Collection)]
public sealed class When_the_service_dies_after_the_ack(PrivateServers servers, ITestOutputHelper output)
{
    [Fact]
    public async Task Each_usage_is_charged_once()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin("after_ack:30");
        var load = stack.StartLoad();
        await stack.Service.Died();

        await stack.Restart();
        await stack.Confirmed(more: 1_000);
        await load.Finish();
        await stack.Check();
    }
}
