using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>
/// One life after the other, each ended at a crash point of docs/flow.md, and at last at moments that the printed seed decides. What was
/// not written is delivered again, or repeated by the caller; what was written finds its ids taken.
/// </summary>
[Collection(PrivateServers.Collection)]
public sealed class When_the_service_dies_amid_charging(PrivateServers servers, ITestOutputHelper output)
{
    // C: everything is decided, nothing is written. The first is beyond the commits that give users their money.
    const string BeforeTheCommit = "before_commit:20";

    // E: it is charged, and nobody has been told.
    const string AfterTheCommit = "after_commit:12";

    // F.
    const string AfterTheAck = "after_ack:30";

    const int RandomDeaths = 3;
    const int LongestLifeMs = 1_200;

    [Fact]
    public async Task Each_usage_is_charged_once()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await DieUnderLoad(stack, BeforeTheCommit, AfterTheCommit, AfterTheAck);
    }

    [Fact]
    public async Task Each_usage_over_HTTP_is_charged_once()
    {
        await using var stack = new EmbeddedStack(output);
        await DieUnderLoad(stack, BeforeTheCommit, AfterTheCommit);
    }

    static async Task DieUnderLoad(Stack stack, params string[] crashPoints)
    {
        await stack.Begin(crashPoints[0]);
        var load = stack.StartLoad();
        foreach (var next in (string?[])[.. crashPoints[1..], null])
        {
            await stack.Service.Died();
            await stack.Restart(next);
        }
        for (var death = 1; death <= RandomDeaths; death++)
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
