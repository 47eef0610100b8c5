using System.Text;

namespace Billing.Service.Observability.Prometheus;

/// <summary>Names by the rules of OpenTelemetry for Prometheus: underscores for dots, the unit spelled out, <c>_total</c> on counters.</summary>
static class PrometheusName
{
    static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal)
    {
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["By"] = "bytes",
        ["%"] = "percent",
    };

    public static string Of(string instrument, string? unit, bool isCounter)
    {
        var name = Clean(instrument);
        // A unit in braces only says what is counted.
        var word = unit is null or "" or "1" || unit[0] == '{' ? "" : Units.GetValueOrDefault(unit, Clean(unit));
        if (word != "" && !name.EndsWith($"_{word}", StringComparison.Ordinal)) name = $"{name}_{word}";
        if (isCounter && !name.EndsWith("_total", StringComparison.Ordinal)) name = $"{name}_total";
        return name;
    }

    /// <summary>Letters, digits and underscores, none first that is a digit, never two underscores in a row.</summary>
    public static string Clean(string name)
    {
        var clean = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            if (char.IsAsciiDigit(character) && clean.Length == 0) clean.Append('_');
            if (char.IsAsciiLetterOrDigit(character)) clean.Append(character);
            else if (clean.Length == 0 || clean[^1] != '_') clean.Append('_');
        }
        return clean.ToString();
    }
}
