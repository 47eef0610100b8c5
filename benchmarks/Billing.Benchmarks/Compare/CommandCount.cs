using System.Diagnostics.Metrics;

namespace Billing.Benchmarks.Compare;

/// <summary>Round trips of this process to PostgreSQL: each command of Npgsql is one, however many statements it carries.</summary>
sealed class CommandCount : IDisposable
{
    readonly MeterListener _listener = new();
    long _count;

    public CommandCount()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "Npgsql", Name: "db.client.operation.duration" }) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _count));
        _listener.Start();
    }

    public long Count => Interlocked.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
