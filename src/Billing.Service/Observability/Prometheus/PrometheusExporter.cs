using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Billing.Service.Observability.Prometheus;

/// <summary>Writes all metrics as text whenever Prometheus asks; between two questions it does nothing.</summary>
[ExportModes(ExportModes.Pull)]
sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    readonly Lock _lock = new();
    string _text = "";

    public Func<int, bool>? Collect { get; set; }

    /// <summary>The metrics of this moment; null while nothing collects them.</summary>
    public string? Scrape()
    {
        lock (_lock) return Collect?.Invoke(Timeout.Infinite) == true ? _text : null;
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var text = new StringBuilder();
        foreach (var metric in batch) PrometheusText.Write(text, metric);
        _text = text.ToString();
        return ExportResult.Success;
    }
}
