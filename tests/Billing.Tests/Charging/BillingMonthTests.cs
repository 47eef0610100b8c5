namespace Billing.Tests.Charging;

public sealed class BillingMonthTests
{
    public static readonly TheoryData<string> Zones = ["UTC", "Asia/Shanghai", "Asia/Kathmandu", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"];

    [Theory]
    [InlineData("Asia/Shanghai", "2026-05-31T15:59:59.999999Z", 5)]
    [InlineData("Asia/Shanghai", "2026-05-31T16:00:00Z", 6)]
    [InlineData("Asia/Kathmandu", "2026-05-31T18:14:59.999999Z", 5)] // 5 hours and 45 minutes ahead
    [InlineData("Asia/Kathmandu", "2026-05-31T18:15:00Z", 6)]
    [InlineData("America/New_York", "2026-06-01T03:59:59.999999Z", 5)] // summer time
    [InlineData("America/New_York", "2026-06-01T04:00:00Z", 6)]
    [InlineData("America/New_York", "2026-06-01T00:30:00-04:00", 6)]
    public void The_free_quotas_month_is_the_month_of_the_usage_in_the_billing_time_zone(string zone, string occurredAt, int month)
    {
        var ledger = new PlainLedger(zone);

        var record = ledger.Charge(Shop.Usage(quantity: 3, at: DateTimeOffset.Parse(occurredAt))).Record;

        Assert.Equal(new DateOnly(2026, month, 1), record.QuotaMonth);
        Assert.Equal(3, ledger.FreeUnitsUsed(Shop.Call, 2026, month));
    }

    [Theory]
    [InlineData("2026-03-01T04:59:59Z", 2)] // winter time: five hours behind
    [InlineData("2026-03-01T05:00:00Z", 3)]
    [InlineData("2026-03-08T07:00:00Z", 3)] // the hour that does not exist
    [InlineData("2026-04-01T03:59:59Z", 3)] // summer time: four
    [InlineData("2026-04-01T04:00:00Z", 4)]
    [InlineData("2026-11-01T03:59:59Z", 10)] // the day whose clocks go back is the first of its month
    [InlineData("2026-11-01T04:00:00Z", 11)]
    [InlineData("2026-11-01T05:30:00Z", 11)] // the hour that comes twice
    [InlineData("2026-11-01T06:30:00Z", 11)]
    [InlineData("2026-12-01T04:59:59Z", 11)]
    [InlineData("2027-01-01T04:59:59Z", 12)]
    public void Days_of_changing_clocks_and_ends_of_months_belong_to_the_right_month(string instant, int month)
    {
        var newYork = new BillingCalendar(TimeZoneInfo.FindSystemTimeZoneById("America/New_York"));

        Assert.Equal(month, newYork.MonthOf(DateTimeOffset.Parse(instant)).Month);
    }

    [Theory]
    [MemberData(nameof(Zones))]
    public void A_calendar_that_remembers_the_latest_month_says_the_same_as_one_that_converts_each_time(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        var calendar = new BillingCalendar(zone);
        var random = new Random(20_261_122);
        var start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var at = start;
        for (var i = 0; i < 20_000; i++)
        {
            // Leaps anywhere, steps around the place, and the hours around the end of a month.
            at = (i % 3) switch
            {
                0 => start.AddSeconds(random.Next(5 * 366 * 86_400)),
                1 => at.AddSeconds(random.Next(-3 * 86_400, 3 * 86_400)),
                _ => new DateTimeOffset(at.Year, at.Month, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(random.Next(-16 * 3_600, 16 * 3_600)),
            };
            var local = TimeZoneInfo.ConvertTime(at, zone);
            var expected = new DateOnly(local.Year, local.Month, 1);

            Assert.True(expected == calendar.MonthOf(at), $"{at:O} in {name}: expected {expected:O}, got {calendar.MonthOf(at):O} (i={i})");
        }
    }

    [Theory]
    [MemberData(nameof(Zones))]
    public void The_first_and_the_last_instant_there_is_have_a_month(string name)
    {
        var calendar = new BillingCalendar(TimeZoneInfo.FindSystemTimeZoneById(name));

        Assert.InRange(calendar.MonthOf(DateTimeOffset.MaxValue).Year, 9999, 9999);
        Assert.InRange(calendar.MonthOf(DateTimeOffset.MinValue).Year, 1, 1);
        Assert.Equal(new DateOnly(2026, 6, 1), calendar.MonthOf(Shop.Now));
    }
}
