using System.Diagnostics.Metrics;
using Billing.Service.Observability.Prometheus;
using Billing.TestSupport;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Billing.Tests.Observability;

public sealed class PrometheusTests
{
    [Theory]
    [InlineData("billing.usage.charged", "{usage}", true, "billing_usage_charged_total")]
    [InlineData("billing.batch.duration", "s", false, "billing_batch_duration_seconds")]
    [InlineData("dotnet.gc.heap.total_allocated", "By", true, "dotnet_gc_heap_total_allocated_bytes_total")]
    [InlineData("a.seconds", "s", false, "a_seconds")]
    [InlineData("a..b-c", "1", false, "a_b_c")]
    [InlineData("9lives", null, false, "_9lives")]
    [InlineData("a.total", "", true, "a_total")]
    public void Names_have_their_unit_and_counters_end_in_total(string instrument, string? unit, bool isCounter, string name) =>
        Assert.Equal(name, PrometheusName.Of(instrument, unit, isCounter));

    [Fact]
    public void Each_kind_is_written_as_the_format_asks()
    {
        var text = Scrape(meter =>
        {
            meter.CreateCounter<long>("shop.sold", "{piece}", "Sold.\nAll \\ of them").Add(3, KeyValuePair.Create<string, object?>("kind.of", "a \"b\"\\c\nd"));
            meter.CreateObservableGauge("shop.cold", () => -1.5, "s");
            meter.CreateUpDownCounter<long>("shop.inside").Add(-2);
            var histogram = meter.CreateHistogram("shop.took", "s", "Took.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1] });
            foreach (var seconds in (double[])[0.25, 0.5, 0.75, 4]) histogram.Record(seconds, KeyValuePair.Create<string, object?>("till", 7));
        });

        Assert.Equal(
            """
            # HELP shop_sold_total Sold.\nAll \\ of them
            # TYPE shop_sold_total counter
            shop_sold_total{kind_of="a \"b\"\\c\nd"} 3
            # TYPE shop_cold_seconds gauge
            shop_cold_seconds -1.5
            # TYPE shop_inside gauge
            shop_inside -2
            # HELP shop_took_seconds Took.
            # TYPE shop_took_seconds histogram
            shop_took_seconds_bucket{till="7",le="0.5"} 2
            shop_took_seconds_bucket{till="7",le="1"} 3
            shop_took_seconds_bucket{till="7",le="+Inf"} 4
            shop_took_seconds_sum{till="7"} 5.5
            shop_took_seconds_count{till="7"} 4

            """, text);
    }

    [Fact]
    public void Nothing_is_said_while_nothing_collects() => Assert.Null(new PrometheusExporter().Scrape());

    static string Scrape(Action<Meter> measure)
    {
        using var meter = new Meter($"shop-{Ids.WithTime()}");
        var exporter = new PrometheusExporter();
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(meter.Name).AddReader(new BaseExportingMetricReader(exporter)).Build();
        measure(meter);
        return exporter.Scrape()!;
    }
}
