using Billing.Service.Observability;
using Billing.Service.Observability.Prometheus;

namespace Billing.Service.Http;

static class MetricsEndpoints
{
    /// <summary>For Prometheus; also while the database is away, which is when it matters.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder routes) => routes.MapGet("/metrics", async (StateMetrics state, PrometheusExporter prometheus, CancellationToken cancellationToken) =>
    {
        await state.Refresh(cancellationToken);
        return prometheus.Scrape() is { } text ? Results.Text(text, PrometheusText.ContentType) : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }).DisableHttpMetrics();
}
