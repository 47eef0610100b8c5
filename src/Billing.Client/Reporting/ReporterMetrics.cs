using System.Diagnostics.Metrics;

namespace Billing.Client.Reporting;

sealed class ReporterMetrics
{
    public const string MeterName = "Billing.Client";

    // Added to on the caller's thread: a plain number that is read when somebody asks costs least.
    long _reported;
    long _refused;
    readonly Counter<long> _confirmed;
    readonly Counter<long> _rejected;

    public ReporterMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableCounter("billing.client.usage.reported", () => Volatile.Read(ref _reported), description: "Usages taken from the program.");
        meter.CreateObservableCounter("billing.client.usage.refused", () => Volatile.Read(ref _refused), description: "Usages not taken: the buffer or the disk was full.");
        _confirmed = meter.CreateCounter<long>("billing.client.usage.confirmed", description: "Usages that the broker or the service has taken over.");
        _rejected = meter.CreateCounter<long>("billing.client.usage.rejected", description: "Usages that the service has taken over and does not charge; known over HTTP only.");
        meter.CreateObservableGauge("billing.client.usage.spooled", () => SpooledBytes(), "By", "Usage on the disk.");
        meter.CreateObservableGauge("billing.client.usage.oldest_age", () => OldestAge().TotalSeconds, "s", "How long the oldest usage has waited to be confirmed.");
    }

    public Func<long> SpooledBytes { get; set; } = () => 0;
    public Func<TimeSpan> OldestAge { get; set; } = () => TimeSpan.Zero;

    public long Reported => Volatile.Read(ref _reported);
    public long Refused => Volatile.Read(ref _refused);

    public void NoteReported() => Interlocked.Increment(ref _reported);

    public void NoteRefused() => Interlocked.Increment(ref _refused);

    public void NoteConfirmed(int usages, int rejected)
    {
        _confirmed.Add(usages);
        if (rejected > 0) _rejected.Add(rejected);
    }
}
