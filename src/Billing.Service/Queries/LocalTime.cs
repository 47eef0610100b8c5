namespace Billing.Service.Queries;

/// <summary>
/// The days and hours of a time zone as instants. A day has 23 or 25 hours where clocks change; an hour that is gone through twice
/// is two hours; whole hours begin at a quarter past in UTC where the zone is 45 minutes off.
/// </summary>
static class LocalTime
{
    static readonly TimeSpan OffsetMax = TimeSpan.FromHours(15);
    static readonly TimeSpan Resolution = TimeSpan.FromMicroseconds(1);

    public static DateOnly DayOf(TimeZoneInfo zone, DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    /// <summary>The first instant of a day. It need not be midnight: clocks that change then skip it.</summary>
    public static DateTimeOffset StartOf(TimeZoneInfo zone, DateOnly day)
    {
        var midnight = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        return First(midnight - OffsetMax, midnight + OffsetMax, instant => DayOf(zone, instant) >= day);
    }

    /// <summary>Where the day or hour ends in which the instant lies.</summary>
    public static DateTimeOffset EndOf(TimeZoneInfo zone, StatisticsUnit unit, DateTimeOffset instant) =>
        unit == StatisticsUnit.Day ? StartOf(zone, DayOf(zone, instant).AddDays(1)) : EndOfHour(zone, instant);

    /// <summary>Where the day or hour begins in which the instant lies.</summary>
    public static DateTimeOffset StartOf(TimeZoneInfo zone, StatisticsUnit unit, DateTimeOffset instant) =>
        unit == StatisticsUnit.Day ? StartOf(zone, DayOf(zone, instant)) : StartOfHour(zone, instant);

    static DateTimeOffset EndOfHour(TimeZoneInfo zone, DateTimeOffset instant)
    {
        var offset = zone.GetUtcOffset(instant);
        var end = FullHour(instant, offset) + TimeSpan.FromHours(1);
        return zone.GetUtcOffset(end - Resolution) == offset ? end : First(instant, end, later => zone.GetUtcOffset(later) != offset);
    }

    static DateTimeOffset StartOfHour(TimeZoneInfo zone, DateTimeOffset instant)
    {
        var offset = zone.GetUtcOffset(instant);
        var start = FullHour(instant, offset);
        return zone.GetUtcOffset(start) == offset ? start : First(start, instant, later => zone.GetUtcOffset(later) == offset);
    }

    /// <summary>The full hour before, as long as clocks are this far from UTC.</summary>
    static DateTimeOffset FullHour(DateTimeOffset instant, TimeSpan offset)
    {
        var local = instant.UtcTicks + offset.Ticks;
        return new DateTimeOffset(local - local % TimeSpan.TicksPerHour - offset.Ticks, TimeSpan.Zero);
    }

    /// <summary>The first instant for which the condition holds; it holds from there on, at the latest at the end.</summary>
    static DateTimeOffset First(DateTimeOffset after, DateTimeOffset end, Func<DateTimeOffset, bool> holds)
    {
        var (low, high) = (after.UtcTicks / Resolution.Ticks, end.UtcTicks / Resolution.Ticks);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (holds(new DateTimeOffset(middle * Resolution.Ticks, TimeSpan.Zero))) high = middle;
            else low = middle + 1;
        }
        return new DateTimeOffset(high * Resolution.Ticks, TimeSpan.Zero);
    }
}
