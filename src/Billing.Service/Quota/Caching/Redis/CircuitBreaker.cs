namespace Billing.Service.Quota.Caching.Redis;

/// <summary>Leaves a server alone that failed some times in a row, for longer each time, and lets one call look whether it is back.</summary>
public sealed class CircuitBreaker(int failuresMax, TimeSpan pauseMax, TimeProvider time)
{
    static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(100);

    readonly Lock _lock = new();
    int _failures;
    bool _looking;
    TimeSpan _pause;
    long _pausedAt;

    public bool IsOpen => Volatile.Read(ref _failures) >= failuresMax;

    /// <summary>Whether to call now; then <see cref="Succeeded"/> or <see cref="Failed"/> follows.</summary>
    public bool TryPass()
    {
        if (!IsOpen) return true;
        lock (_lock)
        {
            if (_failures < failuresMax) return true;
            if (time.GetElapsedTime(_pausedAt) < _pause) return false;
            // One looks, the others go on without; should it never be heard of again, another looks after the same pause.
            _looking = true;
            _pausedAt = time.GetTimestamp();
            return true;
        }
    }

    public void Succeeded()
    {
        if (Volatile.Read(ref _failures) == 0) return;
        lock (_lock) (_failures, _looking, _pause) = (0, false, TimeSpan.Zero);
    }

    public void Failed()
    {
        lock (_lock)
        {
            if (_failures < failuresMax && ++_failures < failuresMax) return;
            // Those that were under way when it opened say nothing new.
            if (_pause > TimeSpan.Zero && !_looking) return;

            _looking = false;
            _pause = _pause == TimeSpan.Zero ? PauseMin : _pause * 2 < pauseMax ? _pause * 2 : pauseMax;
            _pausedAt = time.GetTimestamp();
        }
    }
}
