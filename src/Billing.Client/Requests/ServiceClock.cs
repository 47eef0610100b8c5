namespace Billing.Client.Requests;

/// <summary>
/// The service's clock as this program knows it, so that deadlines and times of usage are right where the machine's own clock is off.
/// It is read from answers, and counted on by the monotonic clock. Before the first answer it is the machine's.
/// </summary>
sealed class ServiceClock(TimeProvider time)
{
    /// <summary>After this long an answer is due again: a monotonic clock may drift by a few parts in ten thousand.</summary>
    static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);

    /// <summary>The machine's two clocks disagree by more than this: it was set, or it slept.</summary>
    static readonly TimeSpan JumpMin = TimeSpan.FromSeconds(1);

    volatile Reading? _last;

    public DateTimeOffset Now => _last is { } last ? last.At(time) : time.GetUtcNow();

    /// <summary>Whether the service should be asked again.</summary>
    public bool IsDue => IsUnknown || _last is { } last && time.GetElapsedTime(last.Timestamp) > GoodFor;

    /// <summary>Whether it must be asked before the time can be told: it never was, or the machine slept or was set meanwhile.</summary>
    public bool IsUnknown => _last is not { } last || last.Jump(time) > JumpMin;

    /// <summary>How far the machine's clock is ahead of the service's; nothing before the first answer.</summary>
    public TimeSpan? Ahead => _last is { } last ? time.GetUtcNow() - last.At(time) : null;

    /// <param name="serviceTime">The service's time somewhere between the question and now.</param>
    /// <param name="askedAt">The timestamp of <see cref="TimeProvider"/> at the question.</param>
    public void Learn(DateTimeOffset serviceTime, long askedAt) =>
        _last = new Reading(serviceTime + time.GetElapsedTime(askedAt) / 2, time.GetTimestamp(), time.GetUtcNow());

    sealed record Reading(DateTimeOffset ServiceTime, long Timestamp, DateTimeOffset MachineTime)
    {
        public DateTimeOffset At(TimeProvider time) => ServiceTime + time.GetElapsedTime(Timestamp);

        public TimeSpan Jump(TimeProvider time) => (time.GetUtcNow() - MachineTime - time.GetElapsedTime(Timestamp)).Duration();
    }
}
