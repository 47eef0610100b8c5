using System.Diagnostics;

namespace Billing.Benchmarks.Compare;

/// <summary>Latencies of one window, from many threads.</summary>
sealed class LatencyLog
{
    readonly Lock _lock = new();
    readonly List<double> _milliseconds = [];
    volatile bool _open;

    public void Open() => _open = true;

    public void Close() => _open = false;

    public void AddSince(long started)
    {
        if (!_open) return;
        var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        lock (_lock) _milliseconds.Add(milliseconds);
    }

    public Percentiles? Percentiles
    {
        get
        {
            lock (_lock) return Compare.Percentiles.Of(_milliseconds);
        }
    }
}
