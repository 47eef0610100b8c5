namespace Billing.Client.Reporting;

/// <summary>Wakes one loop when enough has come, or when the first of it has waited for long enough. While nothing comes it does nothing.</summary>
sealed class Gathering : IDisposable
{
    readonly int _enough;
    readonly TimeSpan _wait;
    readonly ITimer _timer;
    readonly SemaphoreSlim _ready = new(0);
    readonly Lock _lock = new();

    public Gathering(int enough, TimeSpan wait, TimeProvider time)
    {
        (_enough, _wait) = (enough, wait);
        _timer = time.CreateTimer(_ => Release(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Some more has come.</summary>
    /// <param name="before">How much waited until now.</param>
    /// <param name="waiting">How much waits now.</param>
    public void Came(long before, long waiting)
    {
        if (waiting >= _enough && before < _enough) Release();
        else if (before == 0) Later();
    }

    /// <summary>The loop has taken some; so much is left.</summary>
    public void Left(long waiting)
    {
        if (waiting >= _enough) Release();
        else if (waiting > 0) Later();
    }

    /// <summary>Wakes the loop now; it may find nothing.</summary>
    public void Release()
    {
        lock (_lock)
        {
            if (_ready.CurrentCount == 0) _ready.Release();
        }
    }

    public Task Ready(CancellationToken cancellationToken) => _ready.WaitAsync(cancellationToken);

    public void Dispose() => _timer.Dispose();

    void Later()
    {
        if (_wait == TimeSpan.Zero) Release();
        else _timer.Change(_wait, Timeout.InfiniteTimeSpan);
    }
}
