using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>
/// One life after the other, each ended at a crash point of docs/flow.md, and at last at moments that the printed seed decides. What was
/// not written is delivered again, or repeated by the caller; what was written finds its ids taken.
/// </summary>
[Collection(PrivateServers.Collection)]
public sealed class When_the_service_dies_amid_charging(PrivateServers servers, ITestOutputHelper output)
{
    // B: it is in the service's hands only. The first is beyond the commits that give users their money.
    const string BeforeTheTransaction = "before_transaction:20";

    // C: everything is decided, nothing is written.
    const string BeforeTheCommit = "before_commit:12";

    // D: all of it is written, or nothing.
    const string AmidTheCommit = "amid_commit:12";

    // E: it is charged, and nobody has been told. I: what else its messages hold is in the other lane.
    const string AfterTheCommit = "after_commit:12";

    // F.
    const string AfterTheAck = "after_ack:30";

    const int RandomDeaths = 3;
    const int LongestLifeMs = 1_200;

    [Fact]
    public async Task Each_usage_is_charged_once()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await DieUnderLoad(stack, BeforeTheTransaction, BeforeTheCommit, AmidTheCommit, AfterTheCommit, AfterTheAck);
    }

    [Fact]
    public async Task Each_usage_over_HTTP_is_charged_once()
    {
        await using var stack = new EmbeddedStack(output);
        await DieUnderLoad(stack, BeforeTheTransaction, BeforeTheCommit, AmidTheCommit, AfterTheCommit);
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
