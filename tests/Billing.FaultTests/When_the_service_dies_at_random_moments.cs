using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>Whatever it was doing: killed from outside, again and again, at moments that the printed seed decides.</summary>
[Collection(PrivateServers.Collection)]
public sealed class When_the_service_dies_at_random_moments(PrivateServers servers, ITestOutputHelper output)
{
    const int Deaths = 3;
    const int LongestLifeMs = 1_200;

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
        await stack.Begin();
        var load = stack.StartLoad();
        for (var death = 1; death <= Deaths; death++)
        {
            var life = TimeSpan.FromMilliseconds(stack.Chance.Next(LongestLifeMs));
            await Task.Delay(life);
            stack.Note($"death {death} after {life.TotalMilliseconds} ms");
            await stack.Service.Kill();
            await stack.Restart();
        }

        await stack.Confirmed(more: 1_000);
        await load.Finish();
        await stack.Check();
    }
}
