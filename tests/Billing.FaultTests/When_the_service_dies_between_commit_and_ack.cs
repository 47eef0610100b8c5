using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>It is charged and nobody has been told: what comes again must find its ids taken.</summary>
[Collection(PrivateServers.Collection)]
public sealed class When_the_service_dies_between_commit_and_ack(PrivateServers servers, ITestOutputHelper output)
{
    // Beyond the commits that give users their money, and early in the load.
    const string CrashPoint = "after_commit:20";

    [Fact]
    public async Task Each_usage_is_charged_once()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await DieUnderLoad(stack);
    }

    [Fact]
    public async Task Each_usage_over_HTTP_is_charged_once()
    {
        await using var stack = new EmbeddedStack(output);
        await DieUnderLoad(stack);
    }

    static async Task DieUnderLoad(Stack stack)
    {
        await stack.Begin(CrashPoint);
        var load = stack.StartLoad();
        await stack.Service.Died();

        await stack.Restart();
        await stack.Confirmed(more: 1_000);
        await load.Finish();
        await stack.Check();
    }
}
