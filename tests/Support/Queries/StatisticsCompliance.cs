using Billing.Service.Charging;
using Billing.Service.Queries;
using Billing.TestSupport.Ledger;
using Microsoft.Extensions.Options;

namespace Billing.TestSupport.Queries;

/// <summary>What statistics must say, whatever database is below them.</summary>
public abstract class StatisticsCompliance : IAsyncLifetime
{
    static readonly string[] Zones =
    [
        "UTC", "America/New_York", "Asia/Kathmandu", "Asia/Shanghai", "Australia/Lord_Howe", "Pacific/Chatham", "Africa/Cairo", "America/Havana", "Pacific/Kiritimati",
    ];

    static readonly string[] Services = [TestCatalogue.Chat, TestCatalogue.Image, TestCatalogue.Search];
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

    [Theory]
    // Spring forward: no hour of 2. Fall back: the hour of 1 twice, once on either side of the change.
    [InlineData("America/New_York", "2026-03-08", "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00", 23)]
    [InlineData("America/New_York", "2026-11-01", "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00", 25)]
    [InlineData("America/New_York", "2026-06-15", "2026-06-15T00:00:00-04:00", "2026-06-16T00:00:00-04:00", 24)]
    [InlineData("Asia/Kathmandu", "2026-06-15", "2026-06-15T00:00:00+05:45", "2026-06-16T00:00:00+05:45", 24)]
    [InlineData("Asia/Shanghai", "2026-03-01", "2026-03-01T00:00:00+08:00", "2026-03-02T00:00:00+08:00", 24)]
    // Half an hour of change: the hour of 1 comes whole and then its second half again; of the hour of 2 there is only a half.
    [InlineData("Australia/Lord_Howe", "2026-04-05", "2026-04-05T00:00:00+11:00", "2026-04-06T00:00:00+10:30", 25)]
    [InlineData("Australia/Lord_Howe", "2026-10-04", "2026-10-04T00:00:00+10:30", "2026-10-05T00:00:00+11:00", 24)]
    // Clocks change at a quarter to: two pieces of an hour before and after, of which one came already.
    [InlineData("Pacific/Chatham", "2026-04-05", "2026-04-05T00:00:00+13:45", "2026-04-06T00:00:00+12:45", 26)]
    [InlineData("Pacific/Chatham", "2026-09-27", "2026-09-27T00:00:00+12:45", "2026-09-28T00:00:00+13:45", 24)]
    // Midnight itself is skipped, or comes twice.
    [InlineData("Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00", "2026-04-25T00:00:00+03:00", 23)]
    [InlineData("Africa/Cairo", "2026-10-29", "2026-10-29T00:00:00+03:00", "2026-10-30T00:00:00+02:00", 25)]
    public async Task A_day_and_its_hours_are_those_on_the_clocks_of_the_zone(string zone, string day, string from, string to, int hours)
    {
        var (start, end) = (DateTimeOffset.Parse(from), DateTimeOffset.Parse(to));
        var history = new History(Ledger, Ids.User("clocks"));
        // One at each quarter of an hour from the day before to the day after, and one a microsecond before each end of the day.
        await history.Add([.. Quarters(start.AddDays(-1), end.AddDays(1)), start.AddMicroseconds(-1), end.AddMicroseconds(-1)]);
        var request = new GetStatistics { UserId = history.UserId, TimeZone = zone, GroupBy = ["day"] };

        var days = (await Get(request)).Items;
        var that = Assert.Single(days, item => item.From!.Value.ToString("yyyy-MM-dd") == day);
        Assert.Equal((start, start.Offset, end, end.Offset), (that.From!.Value, that.From.Value.Offset, that.To!.Value, that.To.Value.Offset));
        Assert.Equal(Quarters(start, end).Count() + 1, that.Usages);
        Assert.Equal(Quarters(start.AddDays(-1), start).Count() + 1, days.Where(item => item.To <= start).Sum(item => item.Usages));

        var ofTheDay = (await Get(request with { GroupBy = ["hour"], From = start, To = end })).Items;
        Assert.Equal(hours, ofTheDay.Count);
        Assert.Equal((start, end), (ofTheDay[0].From, ofTheDay[^1].To));
        Assert.Equal(ofTheDay.Skip(1).Select(item => item.From), ofTheDay.SkipLast(1).Select(item => item.To));
        Assert.All(ofTheDay.SkipLast(1), item => Assert.Equal(Quarters(item.From!.Value, item.To!.Value).Count(), item.Usages));
    }

    [Fact]
    public async Task An_hour_that_comes_twice_is_two_hours_and_one_that_is_skipped_is_none()
    {
        var history = new History(Ledger, Ids.User("hours"));
        await history.Add([.. Quarters(At("2026-11-01T00:00:00-04:00"), At("2026-11-01T03:00:00-05:00")), .. Quarters(At("2026-03-08T00:00:00-05:00"), At("2026-03-08T04:00:00-04:00"))]);
        var request = new GetStatistics { UserId = history.UserId, TimeZone = "America/New_York", GroupBy = ["hour"] };

        Assert.Equal(
            [
                ("2026-03-08T00:00:00-05:00", 4), ("2026-03-08T01:00:00-05:00", 4), ("2026-03-08T03:00:00-04:00", 4),
                ("2026-11-01T00:00:00-04:00", 4), ("2026-11-01T01:00:00-04:00", 4), ("2026-11-01T01:00:00-05:00", 4), ("2026-11-01T02:00:00-05:00", 4),
            ],
            (await Get(request)).Items.Select(item => ($"{item.From:yyyy-MM-ddTHH:mm:sszzz}", item.Usages)));
    }

    [Fact]
    public async Task Whole_hours_of_a_zone_45_minutes_off_begin_at_a_quarter_past_in_UTC()
    {
        var history = new History(Ledger, Ids.User("kathmandu"));
        await history.Add(At("2026-06-15T09:14:59.999999Z"), At("2026-06-15T09:15:00Z"), At("2026-06-15T10:14:59.999999Z"), At("2026-06-15T10:15:00Z"));

        var items = (await Get(new GetStatistics { UserId = history.UserId, TimeZone = "Asia/Kathmandu", GroupBy = ["hour"] })).Items;

        Assert.Equal([(At("2026-06-15T14:00:00+05:45"), 1), (At("2026-06-15T15:00:00+05:45"), 2), (At("2026-06-15T16:00:00+05:45"), 1)], items.Select(item => (item.From!.Value, item.Usages)));
    }

    [Theory]
    [InlineData("2026-11-21T16:30:00Z", "Asia/Shanghai", "today", "2026-11-22T00:00:00+08:00", "2026-11-23T00:00:00+08:00")]
    [InlineData("2026-11-21T15:30:00Z", "Asia/Shanghai", "today", "2026-11-21T00:00:00+08:00", "2026-11-22T00:00:00+08:00")]
    [InlineData("2026-11-01T12:00:00Z", "America/New_York", "today", "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00")]
    [InlineData("2026-12-01T03:00:00Z", "America/New_York", "this_month", "2026-11-01T00:00:00-04:00", "2026-12-01T00:00:00-05:00")]
    [InlineData("2026-10-31T18:15:00Z", "Asia/Kathmandu", "this_month", "2026-11-01T00:00:00+05:45", "2026-12-01T00:00:00+05:45")]
    [InlineData("2026-10-31T18:14:59Z", "Asia/Kathmandu", "this_month", "2026-10-01T00:00:00+05:45", "2026-11-01T00:00:00+05:45")]
    [InlineData("2026-12-31T23:59:59Z", null, "this_month", "2026-12-01T00:00:00+00:00", "2027-01-01T00:00:00+00:00")]
    public async Task Today_and_this_month_are_those_of_the_zone(string now, string? zone, string period, string from, string to)
    {
        var history = new History(Ledger, Ids.User("period"));
        var (start, end) = (At(from), At(to));
        await history.Add(start.AddMicroseconds(-1), start, start.AddHours(13), end.AddMicroseconds(-1), end);

        var answer = await Get(new GetStatistics { UserId = history.UserId, Period = period, TimeZone = zone }, At(now));

        Assert.Equal((start, start.Offset, end, end.Offset, zone ?? "UTC"), (answer.From!.Value, answer.From.Value.Offset, answer.To!.Value, answer.To.Value.Offset, answer.TimeZone));
        Assert.Equal(3, answer.Total!.Usages);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Statistics_equal_a_raw_scan_of_the_records(int seed)
    {
        var random = new Random(seed);
        var history = await RandomHistory(random);
        for (var round = 0; round < 40; round++)
        {
            var request = RandomRequest(random, history);
            var zone = TimeZoneInfo.FindSystemTimeZoneById(request.TimeZone!);
            var answer = await Get(request);

            var total = request with { GroupBy = [] };
            Assert.Equal(RawScan.Of(history.Records, total, zone).GetValueOrDefault(new(null, null, null)) ?? new(0, 0, 0, 0, 0, 0, 0, 0), RawScan.Of([answer.Total!], total, zone).Values.Single());
            if (request.GroupBy.Count == 0) Assert.Empty(answer.Items);
            else Assert.Equal(Ordered(RawScan.Of(history.Records, request, zone)), Ordered(RawScan.Of(answer.Items, request, zone)));
            Assert.Equal(answer.Items.OrderBy(item => item.From).ThenBy(item => item.Service, StringComparer.Ordinal), answer.Items);
        }
    }

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

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Sums_are_exact_up_to_the_last_nano_and_beyond_it_are_refused(long more)
    {
        var history = new History(Ledger, Ids.User("rich"));
        var half = new Money(long.MaxValue / 2);
        await history.Add([
            new History.Call(At("2026-06-15T00:00:00Z")) { Cost = half, Amount = half },
            new History.Call(At("2026-06-16T00:00:00Z")) { Cost = half, Amount = half },
            new History.Call(At("2026-06-17T00:00:00Z"), TestCatalogue.Chat) { Cost = new Money(1 + more), Amount = new Money(1 + more) },
        ]);
        var answer = await Ask(new GetStatistics { UserId = history.UserId, GroupBy = ["day"] });

        if (more == 0) Assert.Equal((null, new Money(long.MaxValue)), (answer.Code, answer.Total!.Amount));
        else Assert.Equal((ErrorCodes.AmountOverflow, null, 0), (answer.Code, answer.Total, answer.Items.Count));
        Assert.Equal(new Money(long.MaxValue - 1), (await Get(new GetStatistics { UserId = history.UserId, Service = TestCatalogue.Search })).Total!.Cost);
    }

    [Fact]
    public async Task Sums_that_need_more_than_64_bits_never_wrap()
    {
        var history = new History(Ledger, Ids.User("wrap"));
        // Added up in 64 bits, these would come out at a harmless amount.
        await history.Add(Enumerable.Range(0, 5).Select(number => new History.Call(At("2026-06-15T00:00:00Z").AddSeconds(number)) { Cost = new Money(long.MaxValue), Amount = new Money(long.MaxValue) }));

        Assert.Equal(ErrorCodes.AmountOverflow, (await Ask(new GetStatistics { UserId = history.UserId })).Code);
    }

    [Fact]
    public async Task More_pieces_than_anybody_reads_are_refused_and_days_of_the_same_time_are_not()
    {
        var history = new History(Ledger, Ids.User("long"));
        await history.Add(At("2024-01-01T00:00:00Z"), At("2026-01-01T00:00:00Z"));
        var request = new GetStatistics { UserId = history.UserId, GroupBy = ["service", "hour"] };

        Assert.Equal(ErrorCodes.TooMany, (await Ask(request)).Code);
        Assert.Equal(2, (await Get(request with { GroupBy = ["day"] })).Items.Count);
        // A range without an end is no longer than what is in it.
        Assert.Single((await Get(request with { From = At("2025-06-01T00:00:00Z"), To = DateTimeOffset.MaxValue })).Items);
        Assert.Single((await Get(request with { From = DateTimeOffset.MinValue, To = At("2025-06-01T00:00:00Z") })).Items);
    }

    [Theory]
    [InlineData("Mars/Olympus")]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/localtime")]
    [InlineData("Asia/../Asia/Shanghai")]
    [InlineData("Asia")]
    [InlineData("+08:00")]
    [InlineData("Asia/Shanghai\n")]
    public async Task A_zone_that_nobody_knows_is_refused(string zone) =>
        Assert.Equal(ErrorCodes.InvalidTimeZone, (await Ask(new GetStatistics { UserId = "any", TimeZone = zone })).Code);

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_its_code_and_an_unknown_user_is_not_there()
    {
        var user = Ids.User("nobody");
        var request = new GetStatistics { UserId = user };
        foreach (var (wrong, code) in new[]
        {
            (request with { UserId = "two words" }, ErrorCodes.InvalidUserId),
            (request with { Period = "yesterday" }, ErrorCodes.InvalidRange),
            (request with { Period = "today", From = At("2026-06-15T00:00:00Z") }, ErrorCodes.InvalidRange),
            (request with { From = At("2026-06-15T00:00:00Z"), To = At("2026-06-14T00:00:00Z") }, ErrorCodes.InvalidRange),
            (request with { Service = "nothing" }, ErrorCodes.UnknownService),
            (request with { GroupBy = ["week"] }, ErrorCodes.InvalidGrouping),
            (request with { GroupBy = ["day", "hour"] }, ErrorCodes.InvalidGrouping),
            (request with { GroupBy = ["day", "day"] }, ErrorCodes.InvalidGrouping),
            (request with { GroupBy = null! }, ErrorCodes.InvalidGrouping),
            (request, ErrorCodes.AccountNotFound),
        })
        {
            var answer = await Ask(wrong);
            Assert.Equal((code, null, 0), (answer.Code, answer.Total, answer.Items.Count));
        }
        Assert.Equal(0, await Ledger.Count("select count(*) from account where user_id = $1", user));
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

    [Fact]
    public async Task An_answer_is_of_one_moment_whatever_is_charged_meanwhile()
    {
        var history = new History(Ledger, Ids.User("moment"));
        await history.Add(At("2026-06-15T00:00:00Z"), At("2026-06-16T00:00:00Z"));
        Assert.Null(TimeRange.Of(null, null, out var all));
        await using var snapshot = (await _readers.Statistics.Open(history.UserId, default))!;
        var extent = await snapshot.Extent(all, default);
        await history.Add(At("2026-06-14T00:00:00Z"), At("2026-06-15T12:00:00Z"), At("2026-06-17T00:00:00Z"));

        Assert.Equal((At("2026-06-15T00:00:00Z"), At("2026-06-16T00:00:00Z")), extent);
        Assert.Equal(2, Assert.Single(await snapshot.Sum(all, null, [], default)).Sums.Usages);
    }

    static GetStatistics RandomRequest(Random random, History history)
    {
        var instants = history.Records.Select(record => record.OccurredAt).ToArray();
        DateTimeOffset[] ends = [.. new[] { Instant(), Instant() }.Order()];
        return new GetStatistics
        {
            UserId = history.UserId,
            From = random.Next(3) == 0 ? null : ends[0],
            To = random.Next(3) == 0 ? null : ends[1].AddMicroseconds(1),
            Service = random.Next(4) == 0 ? Services[random.Next(Services.Length)] : null,
            GroupBy = Groupings[random.Next(Groupings.Length)],
            TimeZone = Zones[random.Next(Zones.Length)],
        };

        // Often exactly where a record is.
        DateTimeOffset Instant() => instants[random.Next(instants.Length)].AddMinutes(random.Next(2) * random.Next(-2_000, 2_000));
    }

    /// <summary>Half a year of records, most of them around changes of clocks, on quarters of hours and right beside.</summary>
    async Task<History> RandomHistory(Random random)
    {
        DateTimeOffset[] centres = [At("2026-03-08T07:00:00Z"), At("2026-04-04T15:00:00Z"), At("2026-04-23T22:00:00Z"), At("2026-06-15T00:00:00Z"), At("2026-11-01T06:00:00Z"), At("2026-10-03T15:30:00Z")];
        var history = new History(Ledger, Ids.User("random"));
        await history.Add(Enumerable.Range(0, 400).Select(_ =>
        {
            var time = centres[random.Next(centres.Length)].AddMinutes(15 * random.Next(-200, 200)).AddMicroseconds(random.Next(-1, 2));
            var cost = random.NextInt64(4_000_000_000);
            var quantity = 1 + random.Next(1_000_000_000);
            return new History.Call(time, Services[random.Next(Services.Length)], quantity, random.Next(quantity), TimeSpan.FromHours(random.Next(800)), random.Next(2) == 0)
            {
                Cost = new Money(cost),
                Amount = new Money(random.NextInt64(cost + 1)),
            };
        }));
        await history.Reverse(history.Records.Where(_ => random.Next(20) == 0).Select(record => record.UsageId).ToList());
        return history;
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

    static IEnumerable<string> Ordered(Dictionary<RawScan.Key, RawScan.Sums> groups) =>
        groups.Select(group => $"{group.Key.Local:O} {group.Key.Offset} {group.Key.Service}: {group.Value}").Order(StringComparer.Ordinal);

    static DateTimeOffset At(string time) => DateTimeOffset.Parse(time);
}
