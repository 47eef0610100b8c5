using Billing.Service.Charging;

namespace Billing.Service.Catalogues;

/// <summary>From when on a change may hold. What has begun is never rewritten.</summary>
public static class EffectiveTimes
{
    /// <summary>Longer than any catalogue in memory lives: whoever asks for a price before a call hears of its change in time.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromSeconds(60);

    /// <summary>The first full second that is far enough ahead: when a price begins that names no time.</summary>
    public static DateTimeOffset NextPrice(DateTimeOffset now)
    {
        var earliest = (now + Ahead).ToUniversalTime();
        var beyondSecond = earliest.Ticks % TimeSpan.TicksPerSecond;
        return beyondSecond == 0 ? earliest : earliest.AddTicks(TimeSpan.TicksPerSecond - beyondSecond);
    }

    /// <summary>Null when a price may begin then.</summary>
    public static Refusal? CheckPrice(ServiceOffer offer, DateTimeOffset from, DateTimeOffset now)
    {
        if (from < now + Ahead)
            return new(ErrorCodes.EffectiveTooEarly, $"A price of {from:O} would begin less than {Ahead.TotalSeconds:0} s ahead of the database's clock; the earliest is {NextPrice(now):O}.");
        // Between two versions, or in place of one, it would change what was promised already.
        if (offer.Prices is [.., var last] && from <= last.From)
            return new(ErrorCodes.EffectiveTooEarly, $"Version {last.Version} is planned from {last.From:O} on; the next one begins after that.");
        return null;
    }

    /// <summary>
    /// The first month whose free quota can still be changed: the next one, unless it begins before usage that is ahead of its time could
    /// be told of the change. Such usage may have been granted that month's free units already.
    /// </summary>
    public static DateOnly NextMonth(BillingCalendar calendar, DateTimeOffset now) => calendar.MonthOf(now + UsageAge.AheadMax + Ahead).AddMonths(1);

    /// <summary>Null when a free quota may begin then. A month that has not begun may be planned again: the later version stands.</summary>
    public static Refusal? CheckMonth(ServiceOffer offer, DateOnly from, BillingCalendar calendar, DateTimeOffset now)
    {
        var earliest = NextMonth(calendar, now);
        if (from < earliest)
            return new(ErrorCodes.EffectiveTooEarly, $"The free quota of {from:yyyy-MM} stands; the earliest month is {earliest:yyyy-MM}.");
        if (offer.FreeQuotas is [.., var last] && from < last.FromMonth)
            return new(ErrorCodes.EffectiveTooEarly, $"Version {last.Version} is planned from {last.FromMonth:yyyy-MM} on; the earliest month is {last.FromMonth:yyyy-MM}.");
        return null;
    }

    public static DateTimeOffset CutToMicroseconds(DateTimeOffset instant) => new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
