namespace Billing.Client.Leases;

/// <summary>
/// An instant on both clocks of this machine. A lease ends as soon as either says so: the monotonic one stands still while the machine
/// sleeps, and the other may be set. Only differences count, so a clock that is off by hours changes nothing.
/// </summary>
readonly record struct Moment(long Timestamp, long WallTicks)
{
    public static Moment Now(TimeProvider time) => new(time.GetTimestamp(), time.GetUtcNow().UtcTicks);

    public bool IsPast(Moment limit) => Timestamp >= limit.Timestamp || WallTicks >= limit.WallTicks;

    public Moment Plus(TimeSpan span, TimeProvider time) => new(Timestamp + (long)(span.TotalSeconds * time.TimestampFrequency), WallTicks + span.Ticks);

    /// <summary>The longer of both.</summary>
    public TimeSpan Since(Moment earlier, TimeProvider time) =>
        TimeSpan.FromTicks(Math.Max(time.GetElapsedTime(earlier.Timestamp, Timestamp).Ticks, WallTicks - earlier.WallTicks));

    /// <summary>By how much the wall clock was set, or the machine slept, between the two.</summary>
    public TimeSpan JumpSince(Moment earlier, TimeProvider time) =>
        (TimeSpan.FromTicks(WallTicks - earlier.WallTicks) - time.GetElapsedTime(earlier.Timestamp, Timestamp)).Duration();
}
