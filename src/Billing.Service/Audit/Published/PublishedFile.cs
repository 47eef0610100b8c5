using System.Globalization;

namespace Billing.Service.Audit.Published;

/// <summary>
/// The gateway's list of every usage that was confirmed to it: CSV, a line each, in any order, lines may come again. Names here
/// need no quotes, so quotes are malformed. Read as a stream: a million lines take no more memory than one.
/// </summary>
static class PublishedFile
{
    public const string Header = "id,user,service,quantity,cost,occurred_at";
    const int Fields = 6;
    const string Time = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";

    public static IEnumerable<PublishedLine> Read(string path)
    {
        // The gateway may still be writing; what it confirms from now on is not looked for.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        if (reader.ReadLine() is var header && header != Header)
            yield return new PublishedLine(1, null, $"the first line must be the header {Header}");

        for (var number = 2L; reader.ReadLine() is { } line; number++) yield return Parse(number, line);
    }

    static PublishedLine Parse(long number, string line)
    {
        PublishedLine Malformed(string problem) => new(number, null, problem);

        var fields = line.Split(',');
        if (fields.Length != Fields) return Malformed($"{fields.Length} fields instead of {Fields}");
        if (line.Contains('"') || line.Contains('\0')) return Malformed("a quote or a NUL");
        if (!Guid.TryParseExact(fields[0], "D", out var usageId)) return Malformed("id is no UUID");
        if (fields[1].Length == 0) return Malformed("user is empty");
        if (fields[2].Length == 0) return Malformed("service is empty");
        if (!long.TryParse(fields[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var quantity)) return Malformed("quantity is no whole number");
        Money? cost = null;
        if (fields[4].Length > 0)
        {
            if (!Money.TryParse(fields[4], out var amount)) return Malformed("cost is no amount such as 12.34");
            cost = amount;
        }
        if (!DateTimeOffset.TryParseExact(fields[5], Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var occurredAt))
            return Malformed("occurred_at is no time such as 2026-01-31T23:59:59.123456Z");

        return new PublishedLine(number, new PublishedUsage(usageId, fields[1], fields[2], quantity, cost, InMicroseconds(occurredAt)), null);
    }

    static DateTimeOffset InMicroseconds(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
