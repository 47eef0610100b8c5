namespace Billing.Demo.Replay;

/// <summary>
/// Moves a recording in time: its last call happens at the anchor, the others as long before it as recorded. A recording of more than
/// <see cref="SpanMax"/> is compressed to that, so that none of its calls is too old to be charged.
/// </summary>
sealed class Timeline(DateTimeOffset first, DateTimeOffset last, DateTimeOffset anchor)
{
    /// <summary>A day less than usage may be old, for the replay itself.</summary>
    public static readonly TimeSpan SpanMax = TimeSpan.FromDays(34);

    public TimeSpan Span => last - first;

    public bool IsCompressed => Span > SpanMax;

    public DateTimeOffset Anchor => anchor;

    public DateTimeOffset Begin => Shifted(first);

    /// <summary>In whole microseconds, as the service keeps them.</summary>
    public DateTimeOffset Shifted(DateTimeOffset at)
    {
        var before = last.UtcTicks - at.UtcTicks;
        if (IsCompressed) before = (long)((Int128)before * SpanMax.Ticks / Span.Ticks);
        var ticks = anchor.UtcTicks - before;
        return new DateTimeOffset(ticks - ticks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
    }
}
