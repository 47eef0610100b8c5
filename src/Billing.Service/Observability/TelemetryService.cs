using System.Diagnostics.Metrics;
using Billing.Service.Observability.Prometheus;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Billing.Service.Observability;

/// <summary>
/// Holds what collects: metrics always, for <c>/metrics</c>; over OTLP metrics and traces, switched on by the standard variables
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> or its like for metrics or traces alone.
/// </summary>
sealed class TelemetryService(IMeterFactory factory, PrometheusExporter prometheus, StateMetrics state, IConfiguration configuration) : BackgroundService
{
    // The transport's own meter is left out: it measures each message a dozen times, in milliseconds.
    static readonly string[] Meters = [Telemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime"];
    static readonly string[] Sources = [Telemetry.Name, "MassTransit", "Npgsql", "Microsoft.AspNetCore"];
    static readonly TimeSpan StateEvery = TimeSpan.FromSeconds(15);

    readonly OtlpSettings _otlp = new(configuration);
    MeterProvider? _metrics;
    TracerProvider? _traces;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        var metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(Resource)
            .AddMeter(Meters)
            // Another host in the same process measures for itself.
            .AddView(instrument => instrument.Meter.Scope is IMeterFactory other && other != factory ? MetricStreamConfiguration.Drop : null)
            .AddReader(new BaseExportingMetricReader(prometheus));
        if (_otlp.IsWanted(OtlpSettings.Metrics)) metrics.AddOtlpExporter(options => _otlp.Apply(options, OtlpSettings.Metrics));
        _metrics = metrics.Build();

        if (_otlp.IsWanted(OtlpSettings.Traces))
        {
            _traces = Sdk.CreateTracerProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(configuration))
                .ConfigureResource(Resource)
                .AddSource(Sources)
                .AddOtlpExporter(options => _otlp.Apply(options, OtlpSettings.Traces))
                .Build();
        }
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Prometheus asks, and is waited for; what is pushed has to be looked at beforehand.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_otlp.IsWanted(OtlpSettings.Metrics)) return;
        using var turns = new PeriodicTimer(StateEvery);
        do await state.Refresh(stoppingToken);
        while (await turns.WaitForNextTickAsync(stoppingToken));
    }

    public override void Dispose()
    {
        // Sends what is left.
        _traces?.Dispose();
        _metrics?.Dispose();
        base.Dispose();
    }

    static void Resource(ResourceBuilder resource) => resource.AddService("billing-service", serviceVersion: typeof(TelemetryService).Assembly.GetName().Version?.ToString()).AddEnvironmentVariableDetector();
}
