using Billing.Service.Charging;
using Billing.Service.Queries;
using Billing.TestSupport.Ledger;
using Microsoft.Extensions.Options;

namespace Billing.TestSupport.Queries;

/// <summary>What statistics must say, whatever database is below them.</summary>
public abstract partial class StatisticsCompliance : IAsyncLifetime
{
    static readonly string[][] Groupings = [[], ["service"], ["day"], ["hour"], ["service", "day"], ["hour", "service"]];

    Readers _readers = null!;

    protected LedgerUnderTest Ledger { get; private set; } = null!;

    protected abstract Task<LedgerUnderTest> OpenLedger();

    protected abstract ValueTask CloseLedger();

    public async Task InitializeAsync()
    {
        Ledger = await OpenLedger();
        _readers = Ledger.NewReaders();
    }

    public async Task DisposeAsync() => await CloseLedger();

    [Fact]
    public async Task A_range_that_begins_inside_of_a_day_counts_its_part_and_says_so()
    {
        var history = new History(Ledger, Ids.User("part"));
        await history.Add([.. Quarters(At("2026-06-15T00:00:00Z"), At("2026-06-18T00:00:00Z"))]);
        var (from, to) = (At("2026-06-15T06:00:00Z"), At("2026-06-17T18:30:00Z"));

        var answer = await Get(new GetStatistics { UserId = history.UserId, From = from, To = to, GroupBy = ["day"] });

        Assert.Equal([(from, At("2026-06-16T00:00:00Z"), 72), (At("2026-06-16T00:00:00Z"), At("2026-06-17T00:00:00Z"), 96), (At("2026-06-17T00:00:00Z"), to, 74)],
            answer.Items.Select(item => (item.From!.Value, item.To!.Value, item.Usages)));
        Assert.Equal((from, to, 242), (answer.From, answer.To, answer.Total!.Usages));
    }

    [Fact]
    public async Task A_reversed_usage_stays_counted_and_what_went_back_is_told_apart()
    {
        var (user, writer) = (Ids.User("reversed"), Ledger.NewWriter());
        var usages = new[] { 7L, 3, 2 }.Select(quantity => TestUsage.Of(user, TestCatalogue.Image, quantity)).ToArray();
        await writer.Apply([.. usages.Select(usage => usage.ToCharge()), new GiveBackUsage(usages[1].UsageId, user, "eve", "the call failed")], default);

        var total = (await Get(new GetStatistics { UserId = user })).Total!;

        Assert.Equal(new StatisticsGroup
        {
            Usages = 3,
            Units = 12,
            FreeUnits = 5,
            PaidUnits = 7,
            Cost = Money.Parse("0.48"),
            Amount = Money.Parse("0.28"),
            ReversedUsages = 1,
            ReversedAmount = Money.Parse("0.12"),
        }, total);
    }

    [Fact]
    public async Task A_user_without_usage_adds_up_to_nothing()
    {
        var user = Ids.User("empty");
        await Ledger.NewWriter().Apply([new OpenAccount(user)], default);

        foreach (var grouping in Groupings)
        {
            var answer = await Get(new GetStatistics { UserId = user, Period = "this_month", GroupBy = grouping });
            Assert.Equal((0, Money.Zero, 0), (answer.Total!.Usages, answer.Total.Amount, answer.Items.Count));
        }
    }

    async Task<UsageStatistics> Get(GetStatistics request, DateTimeOffset? now = null)
    {
        var answer = await Ask(request, now);
        Assert.True(answer.Code is null, $"{answer.Code}: {answer.Detail}");
        return answer;
    }

    async Task<UsageStatistics> Ask(GetStatistics request, DateTimeOffset? now = null)
    {
        using var answers = new StatisticsAnswers(_readers.Statistics, Ledger.NewStore(), Ledger.Rules, new FixedTime(now ?? Ledger.Now), Options.Create(new QueryOptions()));
        return await answers.Get(request, default);
    }

    static IEnumerable<DateTimeOffset> Quarters(DateTimeOffset from, DateTimeOffset to)
    {
        for (var time = from; time < to; time = time.AddMinutes(15)) yield return time;
    }

    static DateTimeOffset At(string time) => DateTimeOffset.Parse(time);
}
