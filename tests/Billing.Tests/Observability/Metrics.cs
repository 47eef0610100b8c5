using System.Globalization;
using Billing.Tests.Http;

namespace Billing.Tests.Observability;

/// <summary>What <c>/metrics</c> says, by series.</summary>
static class Metrics
{
    public static async Task<string> Text(this RunningService service) => await service.Client.GetStringAsync("/metrics");

    public static async Task<double> Metric(this RunningService service, string series) => (await service.Text()).Split('\n')
        .Where(line => line.StartsWith($"{series} ", StringComparison.Ordinal)).Select(line => double.Parse(line[(series.Length + 1)..], CultureInfo.InvariantCulture)).SingleOrDefault(double.NaN);
}
