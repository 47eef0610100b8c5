using Billing.FaultTests.Harness;

namespace Billing.FaultTests;

/// <summary>
/// The gateway's process is killed while its usage cannot go out. What its reporter had taken is charged, once, after the gateway's next
/// start: all of it with the journal, and without it all but what was reported in the last moments.
/// </summary>
[Collection(PrivateServers.Collection)]
public sealed class When_the_gateway_dies(PrivateServers servers, ITestOutputHelper output)
{
    /// <summary>The flush interval is 50 ms; the rest is for threads that wait for a core of a busy machine.</summary>
    static readonly TimeSpan LostAtMost = TimeSpan.FromSeconds(2);
    static readonly TimeSpan AwayFor = TimeSpan.FromSeconds(60);
    static readonly TimeSpan SentWithin = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task With_the_journal_everything_it_had_taken_is_charged_once()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin();
        await KillAmidAnOutage(stack, "Journal");

        var (sent, taken) = await SendTheRest(stack, "Journal");
        stack.Journal.Sending([.. sent.Values]);
        stack.Journal.Confirm([.. taken.Keys.Select(id => sent[id])]);
        await stack.Check();
    }

    [Fact]
    [Trait(Schedules.Trait, Schedules.Long)]
    public async Task Without_the_journal_all_is_charged_once_but_for_the_last_moments()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin();
        var killedAt = await KillAmidAnOutage(stack, "Buffer");

        var (sent, taken) = await SendTheRest(stack, "Buffer");
        var safe = taken.Where(report => report.Value < killedAt - LostAtMost || report.Value > killedAt).Select(report => sent[report.Key]).ToList();
        Assert.True(safe.Count > taken.Count / 2, $"{safe.Count} of {taken.Count} reports are old enough to be looked for");
        stack.Journal.Sending([.. sent.Values]);
        stack.Journal.Confirm(safe);
        await stack.Check();
    }

    [Fact]
    [Trait(Schedules.Trait, Schedules.Long)]
    public async Task A_broker_that_is_away_for_a_minute_costs_nothing()
    {
        await using var stack = await ServersStack.Create(servers, output);
        await stack.Begin();
        await using var gateway = stack.StartGateway("Buffer");
        await gateway.Taken(more: 1_000);
        await servers.Kill(PrivateServers.RabbitMq);
        await Task.Delay(AwayFor);
        await servers.Start(PrivateServers.RabbitMq);
        await stack.Service.Ready();
        await gateway.Taken(more: 1_000);
        await Eventually.That("the gateway's way out is open again", () => gateway.Log.Count(line => line.Contains("reported again", StringComparison.Ordinal)), count => count == 1, SentWithin);
        Assert.Equal(1, gateway.Log.Count(line => line.Contains("cannot be reported", StringComparison.Ordinal)));
        Assert.Equal(0, await gateway.Terminate());
        Assert.Equal(0, gateway.Spooled);

        var (sent, taken) = gateway.ReadNotebook();
        Assert.Equal(sent.Count, taken.Count);
        stack.Journal.Sending([.. sent.Values]);
        stack.Journal.Confirm([.. sent.Values]);
        await stack.Check();
    }

    async Task<DateTimeOffset> KillAmidAnOutage(ServersStack stack, string durability)
    {
        await using var gateway = stack.StartGateway(durability);
        await gateway.Taken(more: 1_000);
        await servers.Kill(PrivateServers.RabbitMq);
        await gateway.Taken(more: 3_000);
        Assert.True(gateway.Spooled > 0);
        var killedAt = TimeProvider.System.GetUtcNow();
        await gateway.Kill();
        await servers.Start(PrivateServers.RabbitMq);
        await stack.Service.Ready();
        return killedAt;
    }

    /// <summary>The gateway starts again on its folder, works on, and ends in good order with nothing left to send.</summary>
    static async Task<(Dictionary<Guid, SentUsage> Sent, Dictionary<Guid, DateTimeOffset> Taken)> SendTheRest(ServersStack stack, string durability)
    {
        await using var gateway = stack.StartGateway(durability);
        await gateway.Taken(more: 1_000);
        Assert.Equal(0, await gateway.Terminate());
        Assert.True(gateway.Spooled == 0, string.Join('\n', gateway.Log));
        return gateway.ReadNotebook();
    }
}
