using Billing.Service.Observability;
using Billing.Service.Observability.Prometheus;

namespace Billing.Service.Hosting;

/// <summary>Metrics and traces. Nothing here decides anything.</summary>
static class Observing
{
    public static void AddObservability(this IServiceCollection services)
    {
        services.AddSingleton<ChargingMetrics>();
        services.AddSingleton<QueueMetrics>();
        services.AddSingleton<StateReader>();
        services.AddSingleton<StateMetrics>();
        services.AddSingleton<PrometheusExporter>();
        services.AddHostedService<TelemetryService>();
    }
}
