using Billing.Service.Charging;

namespace Billing.Service.Queries;

/// <summary>From an instant on, and up to but without another; an end that is absent is open. Cut to microseconds, as the database keeps times.</summary>
public readonly record struct TimeRange
{
    internal TimeRange(DateTimeOffset? from, DateTimeOffset? to) => (From, To) = (from, to);

    public DateTimeOffset? From { get; }
    public DateTimeOffset? To { get; }

    public static Refusal? Of(DateTimeOffset? from, DateTimeOffset? to, out TimeRange range)
    {
        range = new TimeRange(Cut(from), Cut(to));
        return range.From >= range.To ? new(ErrorCodes.InvalidRange, $"The range from {from:O} to {to:O} holds no time.") : null;
    }

    static DateTimeOffset? Cut(DateTimeOffset? instant) =>
        instant is { } given ? new DateTimeOffset(given.UtcTicks - given.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero) : null;
}
