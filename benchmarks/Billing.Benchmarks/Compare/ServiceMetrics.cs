using System.Globalization;

namespace Billing.Benchmarks.Compare;

/// <summary>What a service tells of itself on <c>/metrics</c>.</summary>
static class ServiceMetrics
{
    /// <summary>Each command of Npgsql is one round trip, however many statements it carries.</summary>
    public const string Commands = "db_client_operation_duration_seconds_count";

    public const string Collections = "dotnet_gc_collections_total";

    /// <summary>The sum over all labels.</summary>
    public static async Task<double> Sum(Uri service, string name)
    {
        using var http = new HttpClient { BaseAddress = service };
        var text = await http.GetStringAsync("/metrics");
        return text.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is ' ' or '{')
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }
}
