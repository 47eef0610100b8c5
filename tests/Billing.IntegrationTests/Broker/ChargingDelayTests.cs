using Billing.TestSupport.Broker;

namespace Billing.IntegrationTests.Broker;

/// <summary>What a check says while usage has been waiting in its queue for long.</summary>
[Collection(ServersCollection.Name)]
public sealed class ChargingDelayTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>
{
    static readonly TimeSpan Backlog = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_check_says_that_charging_is_behind_and_lets_nobody_in_until_it_is_not(bool inEnvelope)
    {
        var user = Ids.User("behind");
        var sentAt = TimeProvider.System.GetUtcNow() - Backlog;
        var usage = TestUsage.Of(user, TestCatalogue.Image);
        if (inEnvelope) await running.Gateway.PublishInEnvelope(usage.ToMessage(), sentAt: sentAt);
        else await running.Gateway.PublishPlain(usage.ToMessage(), sentAt.ToUnixTimeSeconds());
        await running.WaitUntilCharged(usage);

        var behind = await Check(user);
        Assert.Equal((false, ErrorCodes.ChargingDelayed, null), (behind.Allowed, behind.Reason, behind.PaidFrom));
        Assert.InRange(behind.ChargingDelayMs, (long)Backlog.TotalMilliseconds, (long)Backlog.TotalMilliseconds + 60_000);

        await Eventually.That(() => Check(user), status => status is { Allowed: true, Reason: null }, "charging has caught up");
    }

    [Fact]
    public async Task A_timestamp_in_milliseconds_costs_no_usage()
    {
        var usage = TestUsage.Of(Ids.User("millis"));
        await running.Gateway.PublishPlain(usage.ToMessage(), timestamp: TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        await running.WaitUntilCharged(usage);
    }

    Task<QuotaStatus> Check(string user) => running.Requests.Ask<CheckQuota, QuotaStatus>(new CheckQuota { UserId = user, Service = TestCatalogue.Image });
}
