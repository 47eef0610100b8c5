namespace Billing.TestSupport;

/// <summary>A clock that a test moves on by hand.</summary>
public sealed class HandClock(DateTimeOffset now) : TimeProvider
{
    DateTimeOffset _now = now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Pass(TimeSpan time) => _now += time;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.Ticks;
}
