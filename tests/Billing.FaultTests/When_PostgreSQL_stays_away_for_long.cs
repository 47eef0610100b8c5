using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>Longer than messages are held in the hand: they go back to their queue, come again, and wait again, but never end as errors.</summary>
[Collection(PrivateServers.Collection)]
[Trait(Schedules.Trait, Schedules.Long)]
public sealed class When_PostgreSQL_stays_away_for_long(PrivateServers servers, ITestOutputHelper output)
{
    const int GivenBackAtLeast = 3;
    static readonly TimeSpan GivenBackWithin = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Messages_go_back_to_their_queue_and_are_charged_once_later()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin(settings: ("Batching__BulkHoldMax", "00:00:02"));
        var load = stack.StartLoad();
        await stack.Confirmed(more: 1_000);

        await servers.Kill(PrivateServers.Postgres);
        await Eventually.That("messages are given back, more than once", () => stack.Service.Log.Count(line => line.Contains("giving")),
            count => count >= GivenBackAtLeast, GivenBackWithin);

        await servers.Start(PrivateServers.Postgres);
        await stack.Confirmed(more: 1_000);
        await load.Finish();
        await stack.Check();
    }
}
