namespace Billing.Tests.Client.Leases;

/// <summary>Both clocks of a machine, moved by hand: together, or apart as when it sleeps or its clock is set. Timers fire as they are passed.</summary>
sealed class ManualTime(DateTimeOffset wall) : TimeProvider
{
    readonly Lock _lock = new();
    readonly List<ManualTimer> _timers = [];
    DateTimeOffset _wall = wall;
    long _monotonic;

    public ManualTime() : this(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _wall;
    }

    public override long GetTimestamp()
    {
        lock (_lock) return _monotonic;
    }

    public void Advance(TimeSpan time) => Move(time, time);

    /// <summary>The wall clock goes on, the monotonic one stands still, and no timer fires.</summary>
    public void Sleep(TimeSpan time) => Move(time, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    void Move(TimeSpan wall, TimeSpan monotonic)
    {
        ManualTimer[] due;
        lock (_lock)
        {
            _wall += wall;
            _monotonic += monotonic.Ticks;
            due = [.. _timers.Where(timer => timer.IsDue(_monotonic))];
        }
        foreach (var timer in due) timer.Fire();
    }

    sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        long _due;
        TimeSpan _period;

        public bool IsDue(long now) => now >= _due;

        public void Fire()
        {
            if (_period > TimeSpan.Zero) Change(_period, _period);
            else Dispose();
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                (_due, _period) = (time._monotonic + dueTime.Ticks, period);
                if (dueTime != Timeout.InfiniteTimeSpan) time._timers.Add(this);
            }
            return true;
        }

        public void Dispose()
        {
            lock (time._lock) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
