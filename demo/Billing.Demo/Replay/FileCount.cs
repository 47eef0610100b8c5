using System.Globalization;
using System.Text.RegularExpressions;
using Billing.Demo.Traffic;

namespace Billing.Demo.Replay;

/// <summary>
/// The recording counted a second time, by other means than those by which it was sent: two patterns and decimal numbers instead of readers
/// and whole ones. What a path's service is, and how time is moved, are rules that both share.
/// </summary>
static partial class FileCount
{
    /// <summary>Calls and their costs, by user, service and month of the free quota.</summary>
    public static Dictionary<(UserService Key, string Month), (long Calls, Int128 CostNanos)> Of(ReplayPlan plan, TimeZoneInfo zone)
    {
        var counted = new Dictionary<(UserService, string), (long Calls, Int128 CostNanos)>();
        foreach (var (key, at, cost) in plan.File.Format.HasCosts ? TokenLines(plan.Options) : LogLines(plan.Options.File))
        {
            var month = TimeZoneInfo.ConvertTime(plan.Timeline.Shifted(at), zone).ToString("yyyy-MM", CultureInfo.InvariantCulture);
            var (calls, costs) = counted.GetValueOrDefault((key, month));
            counted[(key, month)] = (calls + 1, costs + cost);
        }
        return counted;
    }

    static IEnumerable<(UserService, DateTimeOffset, Int128)> LogLines(string path)
    {
        foreach (var (_, line) in TraceFile.Text(path))
        {
            if (LogLine().Match(line) is not { Success: true } match) continue;
            if (!DateTimeOffset.TryParseExact(match.Groups["time"].Value, "dd/MMM/yyyy:HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)) continue;
            var target = match.Groups["target"].Value.Replace("\\\"", "\"", StringComparison.Ordinal);
            yield return (new UserService(match.Groups["user"].Value, ServiceOfPath.Of(target)), at, 0);
        }
    }

    static IEnumerable<(UserService, DateTimeOffset, Int128)> TokenLines(ReplayOptions options)
    {
        var zipf = new Zipf(options.Users);
        var (context, generated) = (options.Prices.Context.ToDecimal(), options.Prices.Generated.ToDecimal());
        List<string>? names = null;
        foreach (var (number, line) in TraceFile.Text(options.File))
        {
            List<string> fields = [.. CsvField().Matches(line).Select(match => match.Groups["field"].Value.Trim(' ', '"'))];
            if (names is null)
            {
                names = fields.ConvertAll(name => name.ToLowerInvariant());
                continue;
            }
            if (fields.Count < names.Count || !DateTimeOffset.TryParse(fields[names.IndexOf("timestamp")], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) continue;
            if (!decimal.TryParse(fields[names.IndexOf("contexttokens")], NumberStyles.None, CultureInfo.InvariantCulture, out var read)
                || !decimal.TryParse(fields[names.IndexOf("generatedtokens")], NumberStyles.None, CultureInfo.InvariantCulture, out var written)) continue;
            var cost = decimal.Round((read * context + written * generated) * 1_000, 0, MidpointRounding.AwayFromZero);
            yield return (new UserService(Users.Name(zipf.At(Chance.Of(options.Seed, number))), TokenLog.Service), at, (Int128)cost);
        }
    }

    [GeneratedRegex("""^(?<user>[A-Za-z0-9._@:/?=&%+-]{1,128}) +[^ \[][^ ]*( +[^ \[][^ ]*)+ +\[(?<time>[^\]]*)\] +"[A-Za-z_-]+ +(?<target>(\\.|[^"\\])*?[^ ]) *?( HTTP/[^ "]*)?" +[0-9]{3} +([0-9]+|-)( +("(\\.|[^"\\])*"|[^ "][^ ]*))* *$""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    internal static partial Regex LogLine();

    [GeneratedRegex("""(^|,)(?<field>"([^"]|"")*"|[^,"]*)(?=,|$)""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    internal static partial Regex CsvField();
}
