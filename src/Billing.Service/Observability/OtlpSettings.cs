using System.Globalization;
using OpenTelemetry.Exporter;

namespace Billing.Service.Observability;

/// <summary>
/// The standard variables of OTLP. The exporter reads those for all kinds itself; those for metrics or traces alone, which go before, it
/// leaves to whoever adds it.
/// </summary>
sealed class OtlpSettings(IConfiguration configuration)
{
    public const string Metrics = "METRICS_";
    public const string Traces = "TRACES_";

    public bool IsWanted(string kind) => Read(kind, "ENDPOINT") is not null || Read("", "ENDPOINT") is not null;

    public void Apply(OtlpExporterOptions options, string kind)
    {
        if (Read(kind, "PROTOCOL") is { } protocol) options.Protocol = ProtocolOf(protocol);
        if (Read(kind, "HEADERS") is { } headers) options.Headers = headers;
        if (Read(kind, "TIMEOUT") is { } timeout) options.TimeoutMilliseconds = int.Parse(timeout, CultureInfo.InvariantCulture);
        // Taken as it is: an address for one kind has its path already.
        if (Read(kind, "ENDPOINT") is { } endpoint) options.Endpoint = new Uri(endpoint);
    }

    static OtlpExportProtocol ProtocolOf(string name) => name switch
    {
        "grpc" => OtlpExportProtocol.Grpc,
        "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
        _ => throw new InvalidOperationException($"The protocol of OTLP is '{name}': set it to grpc or http/protobuf."),
    };

    string? Read(string kind, string name) => configuration[$"OTEL_EXPORTER_OTLP_{kind}{name}"] is { Length: > 0 } value ? value : null;
}
