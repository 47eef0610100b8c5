using System.Globalization;

namespace Billing.Benchmarks.Compare;

/// <summary>One table: the ratios first, the numbers second. A machine's numbers are its own; ratios of one run travel better.</summary>
static class Table
{
    static readonly string[] Head = ["part", "contender", "ratio", "to", "a second", "p50 ms", "p99 ms", "commit p50", "commit p99", "CPU service", "PostgreSQL", "RabbitMQ", "load", "round trips", "audit", "kill -9 lost"];
    const int TextMax = 60;

    public static void Write(IReadOnlyList<Row> rows, TextWriter output)
    {
        var lines = rows.Select(Cells).Prepend(Head).ToList();
        var widths = Enumerable.Range(0, Head.Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines) output.WriteLine(string.Join("  ", line.Select((cell, column) => IsText(column) ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
        output.WriteLine("Medians of the rounds by rate. p50, p99: as the gateway sees it, of a call to its answer, of a publish to its confirm. commit: from the publish to the commit.");
        output.WriteLine("CPU: seconds of processor time for 1,000, of the service (or the process that stands for it), of the servers and of the load generator. Round trips: commands of Npgsql for 1,000.");
        foreach (var row in rows.Where(row => row.Median?.Note is not null)) output.WriteLine($"{row.Contender.Part}, {row.Contender.Name}: {row.Median!.Note}");
        foreach (var row in rows.Where(row => row.Audit.Length > TextMax || row.Lost?.Length > TextMax)) output.WriteLine($"{row.Contender.Part}, {row.Contender.Name}: {row.Audit}; {row.Lost}");
    }

    static string[] Cells(Row row)
    {
        var (contender, median) = (row.Contender, row.Median);
        return
        [
            contender.Part, contender.Name, row.Ratio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00}") : "", contender.ComparedWith ?? "",
            Number(median?.PerSecond, "N0"), Number(median?.Latency?.P50Ms, "0.0"), Number(median?.Latency?.P99Ms, "0.0"), Number(median?.ToCommit?.P50Ms, "0"), Number(median?.ToCommit?.P99Ms, "0"),
            Number(median?.Costs?.Service, "0.0000"), Number(median?.Costs?.Postgres, "0.0000"), Number(median?.Costs?.RabbitMq, "0.0000"), Number(median?.Costs?.LoadGenerator, "0.0000"),
            Number(median?.RoundTrips, "0.0"), Short(row.Audit), Short(row.Lost ?? ""),
        ];
    }

    static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    static string Short(string text) => text.Length <= TextMax ? text : string.Concat(text.AsSpan(0, TextMax), "...");

    static bool IsText(int column) => Head[column] is "part" or "contender" or "to" or "audit" or "kill -9 lost";
}
