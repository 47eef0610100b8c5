using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Billing.Service.Observability;

/// <summary>The service's queues, as the broker last told of them.</summary>
public sealed class QueueMetrics
{
    readonly ConcurrentDictionary<string, (long Messages, long Consumers)> _queues = new(StringComparer.Ordinal);

    public QueueMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.Name);
        meter.CreateObservableGauge("billing.queue.messages", () => Each(queue => queue.Messages), "{message}", "Messages ready in a queue of the service, those in work not included.");
        meter.CreateObservableGauge("billing.queue.consumers", () => Each(queue => queue.Consumers), "{consumer}", "Consumers of a queue, those of other instances included.");
    }

    public void Seen(string queue, uint messages, uint consumers) => _queues[queue] = (messages, consumers);

    /// <summary>While the broker is away nothing is known of its queues.</summary>
    public void Unknown() => _queues.Clear();

    IEnumerable<Measurement<long>> Each(Func<(long Messages, long Consumers), long> value) =>
        _queues.Select(queue => new Measurement<long>(value(queue.Value), KeyValuePair.Create<string, object?>("queue", queue.Key)));
}
