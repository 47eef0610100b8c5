namespace Billing.Benchmarks.Compare;

/// <summary>Everything side by side, turn by turn, in one run on one machine.</summary>
static class Comparison
{
    /// <returns>The exit code: 0 only if every run of ours came to its end and its audit holds.</returns>
    public static async Task<int> Run(ComparisonOptions options)
    {
        await using var stage = new Stage(options);
        var settings = await Surroundings.Describe(options);
        foreach (var (name, value) in settings) Console.WriteLine($"{name,-22} {value}");
        Console.WriteLine();

        var rows = new List<Row>();
        foreach (var part in options.Only.Count > 0 ? options.Only : [.. Parts.Names])
            rows.AddRange(await RunPart(part, stage));
        foreach (var row in rows) row.Ratio = RatioOf(row, rows);

        Table.Write(rows, Console.Out);
        if (options.Json is { } file) await ComparisonJson.Write(file, settings, rows);
        return rows.All(row => row.IsRight) ? 0 : 1;
    }

    static async Task<Row[]> RunPart(string part, Stage stage)
    {
        var rows = Chosen(Parts.Of(part, stage), stage.Options.Like).Select(contender => new Row(contender)).ToArray();
        for (var round = 1; round <= stage.Options.Rounds; round++)
        {
            foreach (var row in rows.Where(row => row.Failure is null)) await Attempt(row, $"round {round}", async () =>
            {
                var measured = await row.Contender.Measure(round);
                row.Rounds.Add(measured);
                return $"{measured.PerSecond:N0} {row.Contender.Counts}/s {measured.Verdict?.Says} {measured.Note}";
            });
        }
        foreach (var row in rows.Where(row => row is { Failure: null, Contender.Kill: not null })) await Attempt(row, "kill -9", async () => row.Lost = await row.Contender.Kill!());
        return rows;
    }

    static IEnumerable<Contender> Chosen(Contender[] contenders, IReadOnlyList<string> like)
    {
        if (like.Count == 0) return contenders;
        var liked = contenders.Where(contender => like.Any(text => IsLike(contenders, contender, text))).ToList();
        return contenders.Where(contender => liked.Contains(contender) || liked.Exists(other => other.ComparedWith == contender.Name));
    }

    /// <summary>A whole name means that one alone.</summary>
    static bool IsLike(Contender[] contenders, Contender contender, string text) => Array.Exists(contenders, other => other.Name == text)
        ? contender.Name == text
        : contender.Name.Contains(text, StringComparison.OrdinalIgnoreCase);

    /// <summary>One that fails does not take the others with it; its row says so.</summary>
    static async Task Attempt(Row row, string what, Func<Task<string>> measure)
    {
        try
        {
            Console.Error.WriteLine($"{row.Contender.Part}: {row.Contender.Name}, {what}: {await measure()}");
        }
        catch (Exception exception)
        {
            row.Failure = exception.Message;
            Console.Error.WriteLine($"{row.Contender.Part}: {row.Contender.Name}, {what}: {exception}");
        }
    }

    static double? RatioOf(Row row, List<Row> rows) =>
        rows.Find(other => other.Contender.Part == row.Contender.Part && other.Contender.Name == row.Contender.ComparedWith)?.Median is { PerSecond: > 0 } baseline
            ? row.Median?.PerSecond / baseline.PerSecond
            : null;
}
