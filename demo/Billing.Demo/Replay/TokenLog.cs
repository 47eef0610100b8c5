using System.Globalization;
using System.Text.RegularExpressions;
using Billing.Contracts;
using Billing.Demo.Traffic;

namespace Billing.Demo.Replay;

/// <summary>
/// Azure's recording of an LLM service: a table with the columns TIMESTAMP, ContextTokens and GeneratedTokens, wherever they stand. It has
/// no users: each line gets one of its own by Zipf's law, drawn from the seed and the number of the line and from nothing else.
/// </summary>
sealed partial class TokenLog : ITraceFormat
{
    public const string Service = "llm";

    const string Timestamp = "TIMESTAMP", Context = "ContextTokens", Generated = "GeneratedTokens";
    const long TokensMax = 1_000_000_000_000, TokensPriced = 1_000_000;
    const int TickDigits = 7, YearMin = 1970, YearMax = 9000;

    readonly ReplayOptions _options;
    readonly Zipf _zipf;
    readonly int _timestamp, _context, _generated;

    TokenLog(ReplayOptions options, int timestamp, int context, int generated)
    {
        (_options, _timestamp, _context, _generated) = (options, timestamp, context, generated);
        _zipf = new Zipf(options.Users);
    }

    /// <summary>Null when the line is not the heading of such a table.</summary>
    public static TokenLog? ByHeading(string line, ReplayOptions options)
    {
        if (CsvLine.Split(line) is not { } names) return null;
        int At(string name) => names.FindIndex(found => found.Trim().Equals(name, StringComparison.OrdinalIgnoreCase));
        var (timestamp, context, generated) = (At(Timestamp), At(Context), At(Generated));
        return timestamp < 0 || context < 0 || generated < 0 ? null : new TokenLog(options, timestamp, context, generated);
    }

    public string Recipe => string.Create(CultureInfo.InvariantCulture,
        $"token log, --users {_options.Users} --seed {_options.Seed} --context-price {_options.Prices.Context} --generated-price {_options.Prices.Generated}");

    public bool HasCosts => true;

    public (TraceCall? Call, string? Problem) Read(long number, string line)
    {
        if (CsvLine.Split(line) is not { } fields) return (null, "a field in quotes does not end, or goes on after its quote");
        if (fields.Count <= Math.Max(_timestamp, Math.Max(_context, _generated))) return (null, $"there are {fields.Count} fields, fewer than the heading names");
        if (InstantOf(fields[_timestamp].Trim()) is not { } at) return (null, $"{Timestamp} is '{Shown.Of(fields[_timestamp])}', not such as 2023-11-16 18:15:46.6805900");
        if (TokensOf(fields[_context]) is not { } context) return (null, $"{Context} is '{Shown.Of(fields[_context])}', not a whole number from 0 to {TokensMax}");
        if (TokensOf(fields[_generated]) is not { } generated) return (null, $"{Generated} is '{Shown.Of(fields[_generated])}', not a whole number from 0 to {TokensMax}");
        if (CostOf(context, generated) is not { } cost) return (null, "the tokens cost more than an amount can be");
        return (new TraceCall(Users.Name(_zipf.At(Chance.Of(_options.Seed, number))), Service, cost, at), null);
    }

    Money? CostOf(long context, long generated)
    {
        // Rounded half up to a nano, once for the call.
        var millionths = (Int128)context * _options.Prices.Context.Nanos + (Int128)generated * _options.Prices.Generated.Nanos;
        var nanos = (millionths * 2 + TokensPriced) / (TokensPriced * 2);
        return nanos <= long.MaxValue ? new Money((long)nanos) : null;
    }

    static long? TokensOf(string field) =>
        long.TryParse(field.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var tokens) && tokens <= TokensMax ? tokens : null;

    /// <summary>UTC, unless the field names an offset.</summary>
    static DateTimeOffset? InstantOf(string field)
    {
        if (Instant().Match(field) is not { Success: true } match) return null;
        if (!DateTime.TryParseExact($"{match.Groups["day"].Value} {match.Groups["time"].Value}", "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var second)) return null;

        if (second.Year is < YearMin or > YearMax) return null;

        var fraction = match.Groups["fraction"].Value;
        var ticks = long.Parse(fraction.PadRight(TickDigits, '0')[..TickDigits], CultureInfo.InvariantCulture);
        var offset = TimeSpan.Zero;
        if (match.Groups["hours"].Success)
        {
            offset = new TimeSpan(int.Parse(match.Groups["hours"].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups["minutes"].Value, CultureInfo.InvariantCulture), 0);
            if (offset > TimeSpan.FromHours(14)) return null;
            if (match.Groups["sign"].Value == "-") offset = -offset;
        }
        var utc = second.AddTicks(ticks) - offset;
        return new DateTimeOffset(utc, TimeSpan.Zero);
    }

    [GeneratedRegex(@"^(?<day>\d{4}-\d{2}-\d{2})[ Tt](?<time>\d{2}:\d{2}:\d{2})(\.(?<fraction>\d{1,9}))? ?([Zz]|(?<sign>[+-])(?<hours>\d{2}):?(?<minutes>[0-5]\d))?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    internal static partial Regex Instant();
}
