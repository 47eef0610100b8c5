using System.Globalization;

namespace Billing.FaultTests.Harness;

/// <summary>What one instance says of itself at <c>/metrics</c>, by series.</summary>
sealed class Scrape
{
    readonly Dictionary<string, double> _series;

    Scrape(Dictionary<string, double> series) => _series = series;

    public static async Task<Scrape> Of(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        var lines = (await http.GetStringAsync("/metrics")).Split('\n').Where(line => line.Length > 0 && line[0] != '#');
        return new Scrape(lines.ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)));
    }

    /// <summary>Null when the instance says nothing of it.</summary>
    public double? this[string series] => _series.TryGetValue(series, out var value) ? value : null;

    /// <summary>Over all labels.</summary>
    public double Sum(string name) => _series.Where(series => series.Key == name || series.Key.StartsWith($"{name}{{", StringComparison.Ordinal)).Sum(series => series.Value);
}
