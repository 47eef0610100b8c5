using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Billing.Service.Observability.Prometheus;

/// <summary>The text exposition format, version 0.0.4.</summary>
static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static void Write(StringBuilder text, Metric metric)
    {
        var isCounter = metric.MetricType is MetricType.LongSum or MetricType.DoubleSum;
        var isHistogram = metric.MetricType == MetricType.Histogram;
        // Nothing here makes histograms of another shape.
        if (metric.MetricType == MetricType.ExponentialHistogram) return;

        var name = PrometheusName.Of(metric.Name, metric.Unit, isCounter);
        if (metric.Description.Length > 0) text.Append("# HELP ").Append(name).Append(' ').Append(metric.Description.Replace(@"\", @"\\").Replace("\n", @"\n")).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(isCounter ? "counter" : isHistogram ? "histogram" : "gauge").Append('\n');
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = Labels(point.Tags);
            if (isHistogram) WriteHistogram(text, name, labels, point);
            else WriteLine(text, name, labels, Value(metric.MetricType, point));
        }
    }

    static void WriteHistogram(StringBuilder text, string name, string labels, in MetricPoint point)
    {
        var below = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            WriteLine(text, $"{name}_bucket", $"{labels}{(labels == "" ? "" : ",")}le=\"{Number(bucket.ExplicitBound)}\"", below.ToString(CultureInfo.InvariantCulture));
        }
        WriteLine(text, $"{name}_sum", labels, Number(point.GetHistogramSum()));
        WriteLine(text, $"{name}_count", labels, point.GetHistogramCount().ToString(CultureInfo.InvariantCulture));
    }

    static void WriteLine(StringBuilder text, string name, string labels, string value)
    {
        text.Append(name);
        if (labels != "") text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value).Append('\n');
    }

    static string Value(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong().ToString(CultureInfo.InvariantCulture),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => Number(point.GetSumDouble()),
        MetricType.LongGauge => point.GetGaugeLastValueLong().ToString(CultureInfo.InvariantCulture),
        MetricType.DoubleGauge => Number(point.GetGaugeLastValueDouble()),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such metric."),
    };

    static string Labels(ReadOnlyTagCollection tags)
    {
        var labels = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            if (labels.Length > 0) labels.Append(',');
            labels.Append(PrometheusName.Clean(key)).Append("=\"").Append(Escaped(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")).Append('"');
        }
        return labels.ToString();
    }

    static string Escaped(string value) => value.Replace(@"\", @"\\").Replace("\"", "\\\"").Replace("\n", @"\n");

    static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
