using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>SIGTERM under load: what is in work is finished or given back, and the process ends by itself with 0.</summary>
[Collection(PrivateServers.Collection)]
public sealed class When_the_service_is_told_to_stop(PrivateServers servers, ITestOutputHelper output)
{
    static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task It_ends_in_time_and_each_usage_is_charged_once()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await StopUnderLoad(stack);
    }

    [Fact]
    public async Task It_ends_in_time_and_each_usage_over_HTTP_is_charged_once()
    {
        await using var stack = new EmbeddedStack(output);
        await StopUnderLoad(stack);
    }

    static async Task StopUnderLoad(Stack stack)
    {
        await stack.Begin();
        var load = stack.StartLoad();
        await stack.Confirmed(more: 1_000);
        Assert.Equal(0, await stack.Service.Terminate(EndsWithin));

        await stack.Restart();
        await stack.Confirmed(more: 1_000);
        await load.Finish();
        await stack.Check();
    }
}
