using Billing.Service.Charging;
using Billing.Service.Queries;
using Billing.TestSupport.Ledger;

namespace Billing.TestSupport.Queries;

/// <summary>What the lists of records and entries must do, whatever database is below them.</summary>
public abstract class RecordsCompliance : IAsyncLifetime
{
    static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    static readonly string[] Chosen = [TestCatalogue.Chat, TestCatalogue.Image, TestCatalogue.Search];

    RecordAnswers _records = null!;
    LedgerAnswers _entries = null!;

    protected LedgerUnderTest Ledger { get; private set; } = null!;

    protected abstract Task<LedgerUnderTest> OpenLedger();

    protected abstract ValueTask CloseLedger();

    public async Task InitializeAsync()
    {
        Ledger = await OpenLedger();
        var readers = Ledger.NewReaders();
        _records = new RecordAnswers(readers.Records, Ledger.NewStore(), Ledger.Rules);
        _entries = new LedgerAnswers(readers.Records, Ledger.NewStore(), Ledger.Rules);
    }

    public async Task DisposeAsync() => await CloseLedger();

    [Fact]
    public async Task A_record_is_shown_as_it_was_charged()
    {
        var usage = TestUsage.Of(Ids.User("shown"), TestCatalogue.Image, 7);
        var charged = Assert.IsType<Charged>((await Ledger.NewWriter().Apply([usage.ToCharge()], default))[0]).Record;

        var line = Assert.Single((await List(usage.UserId)).Items);

        Assert.Equal(new RecordLine
        {
            UsageId = usage.UsageId,
            Service = "image",
            Quantity = 7,
            FreeUnits = 5,
            PaidUnits = 2,
            Cost = Money.Parse("0.28"),
            Amount = Money.Parse("0.08"),
            PriceVersion = 1,
            QuotaMonth = $"{usage.OccurredAt:yyyy-MM}",
            BalanceAfter = Money.Parse("-0.08"),
            FreeUnitsAfter = 0,
            OccurredAt = usage.OccurredAt,
            ChargedAt = charged.ChargedAt,
            Reversed = false,
        }, line);
    }

    [Fact]
    public async Task A_reversed_usage_keeps_its_record_which_says_so_and_the_reversal_is_an_entry()
    {
        var (user, writer) = (Ids.User("reversed"), Ledger.NewWriter());
        var usages = Enumerable.Range(0, 3).Select(_ => TestUsage.Of(user)).ToArray();
        await writer.Apply([.. usages.Select(usage => usage.ToCharge()), new GiveBackUsage(usages[1].UsageId, user, "eve", "the call failed")], default);

        Assert.Equal(usages[1].UsageId, Assert.Single((await List(user)).Items, line => line.Reversed).UsageId);
        var entry = Assert.Single((await ListEntries(user)).Items);
        Assert.Equal(("reversal", usages[1].UsageId, Money.Parse("0.002"), Money.Parse("-0.004"), "eve", "the call failed"),
            (entry.Kind, entry.OperationId, entry.Amount, entry.BalanceAfter, entry.Actor, entry.Reason));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(500)]
    public async Task The_pages_together_are_the_list_newest_first_even_where_many_occurred_at_once(int limit)
    {
        var history = await Many(60);
        await history.Reverse(history.Records.Take(5).Select(record => record.UsageId));

        Assert.Equal(history.NewestFirst, await Walk(new ListRecords { UserId = history.UserId, Limit = limit }));
    }

    [Fact]
    public async Task Times_and_service_choose_records_on_every_page()
    {
        var history = await Many(200);
        var (from, to) = (history.Records[40].OccurredAt, history.Records[120].OccurredAt);
        var request = new ListRecords { UserId = history.UserId, From = from, To = to, Service = TestCatalogue.Chat, Limit = 3 };

        var expected = history.NewestFirst.Where(record => record.OccurredAt >= from && record.OccurredAt < to && record.Service == TestCatalogue.Chat).ToList();

        Assert.True(expected.Count > 6);
        Assert.Equal(expected, await Walk(request));
        Assert.Equal(expected, await Walk(request with { From = from.ToOffset(TimeSpan.FromHours(8)), To = to.ToOffset(TimeSpan.FromHours(-5)) }));
    }

    [Fact]
    public async Task A_list_walked_while_records_are_written_misses_none_that_was_there_and_shows_none_twice()
    {
        var random = new Random(20261122);
        var history = await Many(120);
        var before = history.NewestFirst.Select(record => record.UsageId).ToList();
        var seen = new List<Guid>();
        for (string? cursor = null; ;)
        {
            var page = await _records.List(new ListRecords { UserId = history.UserId, Limit = 7, Cursor = cursor }, default);
            seen.AddRange(page.Items.Select(item => item.UsageId));
            Assert.Equal(seen.Count, seen.Distinct().Count());
            // Newer, older, and right beside the place where this page ended.
            await history.Add([.. Enumerable.Range(0, 4).Select(_ => new History.Call(history.Records[random.Next(120)].OccurredAt.AddSeconds(random.Next(-1, 2))))]);
            if (page.NextCursor is null) break;
            cursor = page.NextCursor;
        }

        Assert.Equal(before, seen.Where(before.Contains));
    }

    [Fact]
    public async Task Records_far_from_their_partitions_day_are_found_by_time_and_by_page()
    {
        var history = new History(Ledger, Ids.User("late"));
        await history.Add(Enumerable.Range(0, 40).Select(day => new History.Call(Start.AddDays(day)) { Delay = UsageAge.Max, IdCarriesTime = false }));
        await history.Add(Enumerable.Range(0, 40).Select(day => new History.Call(Start.AddDays(day)) { Delay = -UsageAge.AheadMax, IdCarriesTime = false }));

        Assert.Equal(history.NewestFirst, await Walk(new ListRecords { UserId = history.UserId, Limit = 9 }));
        for (var day = 0; day < 40; day++)
            Assert.Equal(2, (await _records.List(new ListRecords { UserId = history.UserId, From = Start.AddDays(day), To = Start.AddDays(day).AddTicks(10) }, default)).Items.Count);
    }

    [Fact]
    public async Task A_cursor_of_another_user_of_other_filters_of_the_other_list_or_a_changed_one_is_refused()
    {
        var (history, other) = (await Many(5), await Many(5));
        for (var i = 0; i < 5; i++) await history.Enter(EntryKind.Credit, Ids.WithTime(), new Money(7), actor: null, reason: null);
        var request = new ListRecords { UserId = history.UserId, Limit = 2 };
        var cursor = (await _records.List(request, default)).NextCursor!;
        var entries = (await _entries.List(new ListLedger { UserId = history.UserId, Limit = 2 }, default)).NextCursor!;

        Assert.Null((await _records.List(request with { Cursor = cursor, Limit = 4 }, default)).Code);
        ListRecords[] wrong =
        [
            request with { Cursor = cursor, UserId = other.UserId },
            request with { Cursor = cursor, Service = TestCatalogue.Chat },
            request with { Cursor = cursor, From = Start.AddYears(-1) },
            request with { Cursor = cursor, To = Start.AddYears(1) },
            request with { Cursor = entries },
            request with { Cursor = "" },
            request with { Cursor = "=" + cursor[1..] },
            request with { Cursor = cursor + "A" },
            request with { Cursor = cursor[..^1] },
            request with { Cursor = new string('_', cursor.Length) },
            .. Enumerable.Range(0, cursor.Length).Select(index => request with { Cursor = $"{cursor[..index]}{(cursor[index] == 'A' ? 'B' : 'A')}{cursor[(index + 1)..]}" }),
        ];
        foreach (var one in wrong)
        {
            var page = await _records.List(one, default);
            Assert.Equal((ErrorCodes.InvalidCursor, 0), (page.Code, page.Items.Count));
        }
        Assert.Equal(ErrorCodes.InvalidCursor, (await _entries.List(new ListLedger { UserId = history.UserId, Cursor = cursor }, default)).Code);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_its_code()
    {
        var history = await Many(1);
        var request = new ListRecords { UserId = history.UserId };

        Assert.Equal(ErrorCodes.InvalidLimit, await CodeOf(request with { Limit = 0 }));
        Assert.Equal(ErrorCodes.InvalidLimit, await CodeOf(request with { Limit = -1 }));
        Assert.Equal(ErrorCodes.InvalidLimit, await CodeOf(request with { Limit = 501 }));
        Assert.Equal(ErrorCodes.InvalidRange, await CodeOf(request with { From = Start, To = Start }));
        Assert.Equal(ErrorCodes.InvalidRange, await CodeOf(request with { From = Start.AddTicks(1), To = Start.AddTicks(2) }));
        Assert.Equal(ErrorCodes.InvalidService, await CodeOf(request with { Service = "two words" }));
        Assert.Equal(ErrorCodes.UnknownService, await CodeOf(request with { Service = "nothing" }));
        Assert.Equal(ErrorCodes.InvalidUserId, await CodeOf(request with { UserId = null! }));
        Assert.Null(await CodeOf(request with { From = DateTimeOffset.MinValue, To = DateTimeOffset.MaxValue }));
    }

    [Fact]
    public async Task An_unknown_user_has_no_list_and_gets_no_account()
    {
        var user = Ids.User("nobody");
        Assert.Equal(ErrorCodes.AccountNotFound, await CodeOf(new ListRecords { UserId = user }));
        Assert.Equal(ErrorCodes.AccountNotFound, (await ListEntries(user)).Code);
        Assert.Equal(0, await Ledger.Count("select count(*) from account where user_id = $1", user));
    }

    [Fact]
    public async Task A_user_without_usage_has_an_empty_list()
    {
        var user = Ids.User("empty");
        await Ledger.NewWriter().Apply([new OpenAccount(user)], default);

        var (records, entries) = (await List(user), await ListEntries(user));

        Assert.Equal((null, 0, null), (records.Code, records.Items.Count, records.NextCursor));
        Assert.Equal((null, 0, null), (entries.Code, entries.Items.Count, entries.NextCursor));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(500)]
    public async Task The_pages_of_entries_together_are_all_of_them_the_last_first(int limit)
    {
        var history = await Many(20);
        for (var i = 0; i < 3; i++)
        {
            await history.Enter(EntryKind.Credit, Ids.WithTime(), new Money(10), actor: null, reason: null);
            await history.Enter(EntryKind.Refund, Ids.WithTime(), new Money(-5));
            await history.Enter(EntryKind.Adjustment, Ids.WithTime(), new Money(3));
            await history.Reverse(history.Records[i].UsageId);
        }

        Assert.Equal(history.Entries.Reverse(), await WalkEntries(new ListLedger { UserId = history.UserId, Limit = limit }));
    }

    [Fact]
    public async Task Entries_are_chosen_by_when_they_were_entered()
    {
        var history = new History(Ledger, Ids.User("entries"));
        for (var i = 0; i < 6; i++) await history.Enter(EntryKind.Adjustment, Ids.WithTime(), new Money(i + 1));
        var (from, to) = (history.Entries[2].EnteredAt, history.Entries[5].EnteredAt);

        Assert.Equal(history.Entries.Where(entry => entry.EnteredAt >= from && entry.EnteredAt < to).Reverse(), await WalkEntries(new ListLedger { UserId = history.UserId, From = from, To = to, Limit = 2 }));
    }

    /// <summary>Records of three services, several at each instant, charged out of order.</summary>
    protected async Task<History> Many(int count)
    {
        var random = new Random(count);
        var history = new History(Ledger, Ids.User("many"));
        await history.Add(Enumerable.Range(0, count).Select(number => new History.Call(
            Start.AddMinutes(random.Next(count / 3 + 1)).AddMicroseconds(number % 2), Chosen[random.Next(Chosen.Length)],
            Quantity: 1 + random.Next(9), FreeUnits: random.Next(2), IdCarriesTime: random.Next(2) == 0)));
        return history;
    }

    Task<RecordPage> List(string userId) => _records.List(new ListRecords { UserId = userId }, default);

    Task<LedgerPage> ListEntries(string userId) => _entries.List(new ListLedger { UserId = userId }, default);

    async Task<string?> CodeOf(ListRecords request) => (await _records.List(request, default)).Code;

    async Task<List<RecordLine>> Walk(ListRecords request)
    {
        var all = new List<RecordLine>();
        while (true)
        {
            var page = await _records.List(request, default);
            Assert.Null(page.Code);
            Assert.True(page.NextCursor is null ? page.Items.Count <= request.Limit : page.Items.Count == request.Limit, $"{page.Items.Count} of {request.Limit}, next {page.NextCursor}");
            all.AddRange(page.Items);
            // Here and not at the end: a page that came again would come for ever.
            Assert.Equal(all.Count, all.Distinct().Count());
            if (page.NextCursor is null) return all;
            request = request with { Cursor = page.NextCursor };
        }
    }

    async Task<List<LedgerLine>> WalkEntries(ListLedger request)
    {
        var all = new List<LedgerLine>();
        while (true)
        {
            var page = await _entries.List(request, default);
            Assert.Null(page.Code);
            Assert.True(page.NextCursor is null ? page.Items.Count <= request.Limit : page.Items.Count == request.Limit, $"{page.Items.Count} of {request.Limit}, next {page.NextCursor}");
            all.AddRange(page.Items);
            // Here and not at the end: a page that came again would come for ever.
            Assert.Equal(all.Count, all.Distinct().Count());
            if (page.NextCursor is null) return all;
            request = request with { Cursor = page.NextCursor };
        }
    }
}
