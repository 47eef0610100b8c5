namespace Billing.Service.Charging;

/// <summary>The calendar of the billing time zone: which month's free quota an instant belongs to.</summary>
public sealed class BillingCalendar(TimeZoneInfo zone)
{
    // Nearly every usage falls into the month of the one before it, and time zone arithmetic costs more than a charge.
    volatile InnerMonth? _latest;

    public TimeZoneInfo Zone { get; } = zone;

    /// <summary>The first day of the month, in the billing time zone, in which the instant lies.</summary>
    public DateOnly MonthOf(DateTimeOffset instant)
    {
        if (_latest is { } latest && latest.Holds(instant)) return latest.Month;

        var local = TimeZoneInfo.ConvertTime(instant, Zone);
        var month = new DateOnly(local.Year, local.Month, 1);
        _latest = InnerMonth.Of(month);
        return month;
    }

    /// <summary>The part of a month that lies in it whatever the zone: two days away from both ends, in UTC.</summary>
    sealed record InnerMonth(DateOnly Month, DateTimeOffset From, DateTimeOffset Until)
    {
        const int MarginDays = 2;

        public static InnerMonth? Of(DateOnly month) => month.Year is > 1 and < 9999
            ? new(month, Utc(month).AddDays(MarginDays), Utc(month.AddMonths(1)).AddDays(-MarginDays))
            : null;

        public bool Holds(DateTimeOffset instant) => instant >= From && instant < Until;

        static DateTimeOffset Utc(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
    }
}
