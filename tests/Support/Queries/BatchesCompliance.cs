using System.Text.Json;
using Billing.Service.Accounts;
using Billing.Service.Batching;
using Billing.Service.Charging;
using Billing.Service.Intake;
using Billing.Service.Quota;
using Billing.Service.Quota.Caching;
using Billing.TestSupport.Cache;
using Billing.TestSupport.Ledger;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Billing.TestSupport.Queries;

/// <summary>Many accounts and many checks at once are answered like one by one, whatever database is below them.</summary>
public abstract class BatchesCompliance : IAsyncLifetime
{
    const int AtOnceMax = 500;

    AccountAnswers _accounts = null!;
    QuotaChecks _checks = null!;

    protected LedgerUnderTest Ledger { get; private set; } = null!;

    protected abstract Task<LedgerUnderTest> OpenLedger();

    protected abstract ValueTask CloseLedger();

    public async Task InitializeAsync()
    {
        Ledger = await OpenLedger();
        var (store, reader) = (Ledger.NewStore(), Ledger.NewReaders().Accounts);
        // Stands still, so that two answers can be compared; the batcher is never asked.
        var time = new FixedTime(Ledger.Now);
        var batcher = new ChargingBatcher(Ledger.NewWriter(), store, Options.Create(new BatchingOptions()), NullLoggerFactory.Instance);
        _accounts = new AccountAnswers(batcher, store, reader, Ledger.Rules, time);
        // Not started: nothing is answered from a cache here.
        _checks = new CachedChecks(Ledger, new InProcessCache(time, Options.Create(new CacheOptions())), time: time).Quota;
    }

    public async Task DisposeAsync() => await CloseLedger();

    [Fact]
    public async Task Many_accounts_are_answered_like_each_alone_in_the_order_asked_also_when_asked_twice()
    {
        var (rich, spender, nobody) = (Ids.User("rich"), Ids.User("spender"), Ids.User("nobody"));
        await Ledger.NewWriter().Apply([
            new AdjustFunds(Ids.WithTime(), rich, Money.Parse("12.34"), "eve", "a test"),
            TestUsage.Of(spender, TestCatalogue.Image, 3).ToCharge(), TestUsage.Of(spender, TestCatalogue.Chat, 70).ToCharge(), TestUsage.Of(spender, TestCatalogue.Search, 7).ToCharge()], default);
        string?[] asked = [spender, nobody, rich, spender, "two words", null, ""];

        var answer = await _accounts.Get(asked, default);

        Assert.Null(answer.Code);
        Assert.Equal(asked.Select(user => user ?? ""), answer.Items.Select(item => item.UserId));
        Assert.Equal([null, ErrorCodes.AccountNotFound, null, null, ErrorCodes.InvalidUserId, ErrorCodes.InvalidUserId, ErrorCodes.InvalidUserId], answer.Items.Select(item => item.Code));
        for (var i = 0; i < asked.Length; i++) AssertSame(await _accounts.Get(asked[i], default), answer.Items[i]);
        Assert.Equal(0, await Ledger.Count("select count(*) from account where user_id = $1", nobody));
    }

    [Fact]
    public async Task Five_hundred_accounts_are_answered_and_one_more_is_too_many()
    {
        string[] users = [.. Enumerable.Range(0, AtOnceMax).Select(number => Ids.User($"of500-{number}"))];
        await Ledger.NewWriter().Apply([.. users.Select(user => TestUsage.Of(user, TestCatalogue.Image).ToCharge())], default);

        var all = await _accounts.Get(users, default);
        Assert.Equal(users, all.Items.Select(item => item.UserId));
        Assert.All(all.Items, item => Assert.Equal(4, item.FreeQuotas.Single(quota => quota.Service == TestCatalogue.Image).Left));

        var more = await _accounts.Get([.. users, users[0]], default);
        Assert.Equal((ErrorCodes.TooMany, 0), (more.Code, more.Items.Count));
        Assert.Empty((await _accounts.Get([], default)).Items);
        Assert.Equal(ErrorCodes.InvalidRequest, (await _accounts.Get((IReadOnlyList<string?>?)null, default)).Code);
    }

    [Fact]
    public async Task Many_checks_are_answered_like_each_alone_in_the_order_asked()
    {
        var (user, nobody) = (Ids.User("checked"), Ids.User("nobody"));
        await Ledger.NewWriter().Apply([new AdjustFunds(Ids.WithTime(), user, Money.Parse("0.10"), "eve", "a test"), TestUsage.Of(user, TestCatalogue.Image, 3).ToCharge()], default);
        CheckQuota[] asked =
        [
            Check(user, TestCatalogue.Image, 2), Check(user, TestCatalogue.Image, 4), Check(user, TestCatalogue.Image, 5), Check(nobody, TestCatalogue.Image, 5), Check(nobody, TestCatalogue.Image, 6),
            Check(user, TestCatalogue.Image, 2), Check(user, TestCatalogue.Llm) with { Cost = Money.Parse("0.10") }, Check(user, TestCatalogue.Llm) with { Cost = Money.Parse("0.11") }, Check(user, TestCatalogue.Llm),
            Check("two words", TestCatalogue.Image), Check(user, "nothing"), Check(user, TestCatalogue.Image, 0), Check(user, TestCatalogue.Image) with { Cost = Money.Parse("1") },
            Check(user, TestCatalogue.Llm) with { Cost = Money.Parse("-1") },
        ];

        var answer = await _checks.Check(Fields(asked), default);

        Assert.Null(answer.Code);
        Assert.Equal(asked.Length, answer.Items.Count);
        for (var i = 0; i < asked.Length; i++) Assert.Equal(await _checks.Check(asked[i], default) with { AsOf = default }, answer.Items[i] with { AsOf = default });
        Assert.Equal(0, await Ledger.Count("select count(*) from account where user_id = $1", nobody));
    }

    [Theory]
    [InlineData("""{"userId":"ann","service":"image","quantity":"3"}""", ErrorCodes.InvalidQuantity)]
    [InlineData("""{"userId":"ann","service":"image","quantity":1.5}""", ErrorCodes.InvalidQuantity)]
    [InlineData("""{"userId":"ann","service":"llm","cost":12.34}""", ErrorCodes.InvalidCost)]
    [InlineData("""{"userId":"ann","service":"llm","quantity":0,"cost":12.34}""", ErrorCodes.InvalidQuantity)]
    [InlineData("""{"userId":"ann"}""", ErrorCodes.InvalidService)]
    [InlineData("""{"service":"image"}""", ErrorCodes.InvalidUserId)]
    [InlineData("""{"userId":7,"service":"image"}""", ErrorCodes.InvalidUserId)]
    [InlineData("7", ErrorCodes.InvalidUserId)]
    [InlineData("null", ErrorCodes.InvalidUserId)]
    public async Task A_check_that_cannot_be_read_is_answered_in_its_place_and_sinks_no_other(string broken, string code)
    {
        var good = """{"userId":"ann","service":"image"}""";

        var answer = await _checks.Check(JsonSerializer.Deserialize<UsageFields?[]>($"[{good},{broken},{good}]")!, default);

        Assert.Equal([(true, null), (false, code), (true, null)], answer.Items.Select(item => (item.Allowed, item.Reason)));
    }

    [Fact]
    public async Task Five_hundred_checks_are_answered_and_one_more_is_too_many()
    {
        CheckQuota[] asked = [.. Enumerable.Range(0, AtOnceMax).Select(number => Check($"user-{number % 100}", TestCatalogue.Image, 1 + number % 7))];
        var answer = await _checks.Check(Fields(asked), default);
        Assert.Equal(asked.Select(check => (check.UserId, check.Quantity, check.Quantity <= 5)), answer.Items.Select(item => (item.UserId, item.Quantity, item.Allowed)));

        var more = await _checks.Check(Fields([.. asked, asked[0]]), default);
        Assert.Equal((ErrorCodes.TooMany, 0), (more.Code, more.Items.Count));
        Assert.Equal(ErrorCodes.InvalidRequest, (await _checks.Check((IReadOnlyList<UsageFields?>?)null, default)).Code);
    }

    static CheckQuota Check(string user, string service, long quantity = 1) => new() { UserId = user, Service = service, Quantity = quantity };

    /// <summary>The checks as they come in through a door.</summary>
    static UsageFields?[] Fields(CheckQuota[] checks) => JsonSerializer.Deserialize<UsageFields?[]>(JsonSerializer.Serialize(checks, JsonSerializerOptions.Web))!;

    static void AssertSame(AccountStatus expected, AccountStatus actual)
    {
        Assert.Equal(expected.FreeQuotas, actual.FreeQuotas);
        Assert.Equal(expected with { FreeQuotas = [], AsOf = default }, actual with { FreeQuotas = [], AsOf = default });
    }
}
