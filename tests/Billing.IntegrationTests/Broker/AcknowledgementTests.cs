using Billing.TestSupport.Ledger;

namespace Billing.IntegrationTests.Broker;

/// <summary>A message is acknowledged only after its own commit, and those who wait for an answer do not wait for it.</summary>
[Collection(ServersCollection.Name)]
public sealed class AcknowledgementTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>
{
    readonly Auditor _auditor = running.NewAuditor();

    [Fact]
    public async Task While_its_commit_is_blocked_a_message_stays_unacknowledged_and_others_are_answered()
    {
        var usage = _auditor.Charged(TestUsage.Of(Ids.User("blocked")));
        await running.Requests.Ask<DeductQuota, QuotaDeduction>(_auditor.Charged(TestUsage.Of(usage.UserId, TestCatalogue.Image)).ToRequest());

        await using (await AccountLock.Take(running.Database, usage.UserId))
        {
            await running.Gateway.PublishPlain(usage.ToMessage());
            await AccountLock.WaitUntilWaiting(running.Database, 1);

            // The bulk batch stands still: a deduction on another account is answered all the same.
            var other = _auditor.Charged(TestUsage.Of(Ids.User("other"), TestCatalogue.Image));
            var answer = await running.Requests.Ask<DeductQuota, QuotaDeduction>(other.ToRequest(), TimeSpan.FromSeconds(3));
            Assert.True(answer.Charged);

            await running.Broker.WaitUntilUnacknowledged("billing-usage", 1);
            Assert.Equal(0, await running.Count("select count(*) from usage_record where usage_id = $1", usage.UsageId));
        }

        await running.WaitUntilCharged(usage);
        await running.Broker.WaitUntilUnacknowledged("billing-usage", 0);
        await _auditor.Check();
    }

    [Fact]
    public async Task Behind_one_that_is_blocked_those_of_others_are_acknowledged_and_none_is_delivered_again()
    {
        var blocked = _auditor.Charged(TestUsage.Of(Ids.User("blocked")));
        await running.Requests.Ask<DeductQuota, QuotaDeduction>(_auditor.Charged(TestUsage.Of(blocked.UserId, TestCatalogue.Image)).ToRequest());

        const string Repeated = "billing_usage_duplicates_total";
        var repeated = await running.Metric(Repeated);
        await using (await AccountLock.Take(running.Database, blocked.UserId))
        {
            await running.Gateway.PublishPlain(blocked.ToMessage());
            await AccountLock.WaitUntilWaiting(running.Database, 1);

            // Their lane is by chance: half of them, more or less, wait behind the blocked one.
            var others = Enumerable.Range(0, 200).Select(_ => _auditor.Charged(TestUsage.Of(Ids.User("other")))).ToList();
            foreach (var other in others) await running.Gateway.PublishPlain(other.ToMessage());
            await running.Broker.WaitUntilUnacknowledged("billing-usage", count => count is > 0 and < 180);
        }

        await running.Broker.WaitUntilUnacknowledged("billing-usage", 0);
        await _auditor.Check();
        Assert.Equal(repeated, await running.Metric(Repeated));
    }
}
