using System.Diagnostics;
using System.Net.Http.Json;
using Billing.TestSupport.Otlp;

namespace Billing.IntegrationTests.Observability;

/// <summary>Metrics and traces as a collector gets them, by the standard variables alone.</summary>
[Collection(ServersCollection.Name)]
public sealed class OtlpTests(ServiceOnServers running) : IClassFixture<ServiceOnServers>
{
    const int Usages = 7;
    const string Protobuf = "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf";
    static readonly string[] Soon = ["OTEL_METRIC_EXPORT_INTERVAL=500", "OTEL_BSP_SCHEDULE_DELAY=200"];

    [Fact]
    public async Task A_collector_gets_the_metrics_and_the_trace_of_what_a_caller_did()
    {
        await using var collector = await OtlpReceiver.Start();
        await using var service = await Start([$"OTEL_EXPORTER_OTLP_ENDPOINT={collector.Url}", Protobuf, "OTEL_RESOURCE_ATTRIBUTES=deployment.environment=test", .. Soon]);
        var trace = await Charge(service);

        var counted = await Eventually.That(() => Task.FromResult(collector.Metrics), metrics => metrics.Any(metric => metric is { Name: "billing.usage.charged", Values: [Usages] }), "the charges are told");
        Assert.All(["billing.usage.received", "billing.outbox.pending", "billing.rejected_usage.open", "billing.batch.size"], name => Assert.Contains(counted, metric => metric.Name == name));
        Assert.Contains(counted, metric => metric is { Name: "billing.usage.charged", Unit: "{usage}" });

        await Eventually.That(() => Task.FromResult(collector.Spans),
            seen => seen.Any(span => span.Name == "charge batch" && (span.TraceId == trace || span.LinkedTraces.Contains(trace))), "the batch's span belongs to the caller's trace");
        await Eventually.That(() => Task.FromResult(collector.Spans), seen => seen.Any(span => span.Name == "Microsoft.AspNetCore.Hosting.HttpRequestIn" && span.TraceId == trace), "so does the request's");
        Assert.All(collector.Exports, export => Assert.Equal("application/x-protobuf", export.ContentType));
        Assert.Equal(("billing-service", "test"), (collector.Resource["service.name"], collector.Resource["deployment.environment"]));
    }

    [Fact]
    public async Task The_variable_for_metrics_alone_sends_no_trace_and_what_is_left_goes_out_at_the_end()
    {
        await using var collector = await OtlpReceiver.Start();
        await using (var service = await Start([$"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT={collector.Url}/v1/metrics", Protobuf])) await Charge(service);

        Assert.Contains(collector.Metrics, metric => metric is { Name: "billing.usage.charged", Values: [Usages] });
        Assert.Empty(collector.Spans);
    }

    [Fact]
    public async Task The_variable_for_traces_alone_sends_no_metric_and_what_is_left_goes_out_at_the_end()
    {
        await using var collector = await OtlpReceiver.Start();
        string trace;
        await using (var service = await Start([$"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT={collector.Url}/v1/traces", Protobuf])) trace = await Charge(service);

        Assert.Contains(collector.Spans, span => span.TraceId == trace);
        Assert.Empty(collector.Metrics);
    }

    [Fact]
    public async Task A_collector_that_is_away_costs_no_charge()
    {
        await using var service = await Start(["OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9", Protobuf, "OTEL_EXPORTER_OTLP_TIMEOUT=500", .. Soon]);

        for (var turn = 0; turn < 3; turn++) await Charge(service);
    }

    Task<TestService> Start(string[] settings) => TestService.Start(running.Postgres, settings: settings);

    /// <summary>Some usages by HTTP, as part of a trace of the caller's; its id.</summary>
    static async Task<string> Charge(TestService service)
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/usage")
        {
            Content = JsonContent.Create(Enumerable.Range(0, Usages).Select(_ => TestUsage.Of(Ids.User("otlp")).ToMessage())),
            Headers = { { "traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01" } },
        };
        using var answer = await service.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return trace;
    }
}
