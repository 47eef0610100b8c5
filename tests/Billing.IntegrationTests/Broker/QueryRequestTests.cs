using Billing.Service.Charging;
using Billing.TestSupport.Broker;

namespace Billing.IntegrationTests.Broker;

/// <summary>What web pages ask through the broker, as their user with direct reply-to.</summary>
[Collection(ServersCollection.Name)]
public sealed class QueryRequestTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>, IAsyncLifetime
{
    readonly Auditor _auditor = running.NewAuditor();
    Requester _web = null!;

    public async Task InitializeAsync() => _web = await Requester.Connect(running.Broker.AsWeb);

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        await _auditor.Check();
    }

    [Fact]
    public async Task A_user_reads_its_records_entries_and_statistics()
    {
        var user = Ids.User("reader");
        await using (var asOperator = await Requester.Connect(running.Broker.AsOperator))
        {
            var deposit = new AdjustBalance { AdjustmentId = Ids.WithTime(), UserId = user, Amount = Money.Parse("5"), Actor = "eve", Reason = "a test" };
            _auditor.Entered(EntryKind.Adjustment, deposit.AdjustmentId, user, deposit.Amount);
            Assert.True((await asOperator.Ask<AdjustBalance, BalanceAdjustment>(deposit)).Applied);
        }
        var usages = Enumerable.Range(0, 7).Select(_ => _auditor.Charged(TestUsage.Of(user, TestCatalogue.Image))).ToArray();
        await running.Gateway.PublishPlain(new UsageBatch { Items = [.. usages.Select(usage => usage.ToMessage())] });
        await running.WaitUntilCharged(usages);

        var first = await _web.Ask<ListRecords, RecordPage>(new ListRecords { UserId = user, Limit = 4 });
        var second = await _web.Ask<ListRecords, RecordPage>(new ListRecords { UserId = user, Limit = 4, Cursor = first.NextCursor });
        Assert.Equal(usages.Reverse().Select(usage => usage.UsageId), first.Items.Concat(second.Items).Select(item => item.UsageId));
        Assert.Null(second.NextCursor);

        var entry = Assert.Single((await _web.Ask<ListLedger, LedgerPage>(new ListLedger { UserId = user })).Items);
        Assert.Equal(("adjustment", Money.Parse("5"), "eve"), (entry.Kind, entry.Amount, entry.Actor));

        var statistics = await _web.Ask<GetStatistics, UsageStatistics>(new GetStatistics { UserId = user, GroupBy = ["service", "day"], TimeZone = "Asia/Kathmandu", Period = "all_time" });
        Assert.Equal((7, 5, 2, Money.Parse("0.08")), (statistics.Total!.Units, statistics.Total.FreeUnits, statistics.Total.PaidUnits, statistics.Total.Amount));
        Assert.Equal(TimeSpan.FromMinutes(345), Assert.Single(statistics.Items).From!.Value.Offset);
    }

    [Fact]
    public async Task Many_accounts_and_checks_are_answered_in_the_order_asked()
    {
        var (user, nobody) = (_auditor.Charged(TestUsage.Of(Ids.User("many"), TestCatalogue.Image)), Ids.User("nobody"));
        await running.Gateway.PublishPlain(user.ToMessage());
        await running.WaitUntilCharged(user);

        var accounts = await _web.Ask<GetAccounts, AccountStatuses>(new GetAccounts { UserIds = [nobody, user.UserId, null!, user.UserId] });
        Assert.Equal([(nobody, ErrorCodes.AccountNotFound), (user.UserId, null), ("", ErrorCodes.InvalidUserId), (user.UserId, null)], accounts.Items.Select(item => (item.UserId, item.Code)));

        var checks = new CheckQuotas { Items = [Check(user.UserId, 4), Check(user.UserId, 5), Check(nobody, 5), Check("two words", 1)] };
        foreach (var asker in (Requester[])[_web, running.Requests])
        {
            var answer = await asker.Ask<CheckQuotas, QuotaStatuses>(checks);
            Assert.Equal([(true, null), (false, ErrorCodes.InsufficientFunds), (true, null), (false, ErrorCodes.InvalidUserId)], answer.Items.Select(item => (item.Allowed, item.Reason)));
        }
        Assert.Equal(0, await running.Count("select count(*) from account where user_id = $1", nobody));
    }

    [Fact]
    public async Task What_makes_no_sense_is_answered_with_its_code_as_over_HTTP()
    {
        var nobody = Ids.User("nobody");
        Assert.Equal(ErrorCodes.AccountNotFound, (await _web.Ask<ListRecords, RecordPage>(new ListRecords { UserId = nobody })).Code);
        Assert.Equal(ErrorCodes.InvalidCursor, (await _web.Ask<ListRecords, RecordPage>(new ListRecords { UserId = nobody, Cursor = "forged" })).Code);
        Assert.Equal(ErrorCodes.InvalidLimit, (await _web.Ask<ListLedger, LedgerPage>(new ListLedger { UserId = nobody, Limit = 501 })).Code);
        Assert.Equal(ErrorCodes.InvalidTimeZone, (await _web.Ask<GetStatistics, UsageStatistics>(new GetStatistics { UserId = nobody, TimeZone = "Mars/Olympus" })).Code);
        Assert.Equal(ErrorCodes.TooMany, (await _web.Ask<GetAccounts, AccountStatuses>(new GetAccounts { UserIds = [.. Enumerable.Repeat(nobody, 501)] })).Code);
        Assert.Equal(ErrorCodes.TooMany, (await _web.Ask<CheckQuotas, QuotaStatuses>(new CheckQuotas { Items = [.. Enumerable.Repeat(Check(nobody, 1), 501)] })).Code);
        Assert.Equal(ErrorCodes.InvalidRequest, (await _web.Ask<CheckQuotas, QuotaStatuses>(new CheckQuotas { Items = null! })).Code);
        Assert.Equal(0, await running.Count("select count(*) from account where user_id = $1", nobody));
    }

    static CheckQuota Check(string user, long quantity) => new() { UserId = user, Service = TestCatalogue.Image, Quantity = quantity };
}
