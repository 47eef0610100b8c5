namespace Billing.TestSupport.Queries;

/// <summary>Days, hours and months as the clocks of a zone show them.</summary>
public abstract partial class StatisticsCompliance
{
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
}
