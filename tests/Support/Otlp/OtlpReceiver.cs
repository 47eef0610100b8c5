using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Billing.TestSupport.Otlp;

/// <summary>A collector on this machine that takes OTLP over HTTP as protobuf, and reads it by the field numbers of opentelemetry-proto 1.x.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    const int OfRequest = 1, OfResource = 2, OfScope = 2;
    static readonly int[] ServiceAttributes = [OfRequest, 1, 1];

    readonly WebApplication _app;
    readonly ConcurrentQueue<Export> _exports = [];

    OtlpReceiver(WebApplication app) => _app = app;

    public string Url { get; private set; } = "";

    /// <summary>What came, in its order.</summary>
    public IReadOnlyList<Export> Exports => [.. _exports];

    /// <summary>The spans that came.</summary>
    public IReadOnlyList<(string Name, string TraceId, IReadOnlyList<string> LinkedTraces)> Spans =>
    [
        .. Of("/v1/traces").SelectMany(request => request.Messages(OfRequest, OfResource, OfScope))
            .Select(span => (span.Text(5), span.Hex(1), (IReadOnlyList<string>)[.. span.Messages(13).Select(link => link.Hex(1))])),
    ];

    /// <summary>The metrics that came, each with the whole numbers of its points: those of sums and of gauges.</summary>
    public IReadOnlyList<(string Name, string Unit, IReadOnlyList<long> Values)> Metrics =>
    [
        .. Of("/v1/metrics").SelectMany(request => request.Messages(OfRequest, OfResource, OfScope))
            .Select(metric => (metric.Text(1), metric.Text(3), (IReadOnlyList<long>)[.. metric.Messages(7, 1).Concat(metric.Messages(5, 1)).SelectMany(point => point.Numbers(6)).Select(value => (long)value)])),
    ];

    /// <summary>The attributes of the resource that sent them, such as service.name.</summary>
    public IReadOnlyDictionary<string, string> Resource =>
        _exports.SelectMany(export => new ProtobufMessage(export.Body).Messages(ServiceAttributes)).DistinctBy(attribute => attribute.Text(1))
            .ToDictionary(attribute => attribute.Text(1), attribute => attribute.Messages(2).First().Text(1));

    public static async Task<OtlpReceiver> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.Run(receiver.Receive);
        await receiver._app.StartAsync();
        receiver.Url = receiver._app.Urls.Single();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    IEnumerable<ProtobufMessage> Of(string path) => _exports.Where(export => export.Path == path).Select(export => new ProtobufMessage(export.Body));

    async Task Receive(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _exports.Enqueue(new Export(context.Request.Path, context.Request.ContentType, body.ToArray()));
        // An answer without content is the empty protobuf message: everything was taken.
        context.Response.ContentType = "application/x-protobuf";
    }
}

/// <summary>One request of an exporter.</summary>
public sealed record Export(string Path, string? ContentType, byte[] Body);
