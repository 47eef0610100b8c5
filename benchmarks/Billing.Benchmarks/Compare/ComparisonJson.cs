using System.Text.Json;

namespace Billing.Benchmarks.Compare;

/// <summary>Everything that was measured, each round of it, for whoever compares runs.</summary>
static class ComparisonJson
{
    static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task Write(FileInfo file, IReadOnlyList<KeyValuePair<string, string>> settings, IReadOnlyList<Row> rows)
    {
        await using var stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, new
        {
            MeasuredAt = TimeProvider.System.GetUtcNow(),
            Settings = settings.ToDictionary(setting => setting.Key, setting => setting.Value),
            Rows = rows.Select(row => new
            {
                row.Contender.Part,
                row.Contender.Name,
                row.Contender.Counts,
                row.Contender.ComparedWith,
                row.Ratio,
                row.Contender.IsOurs,
                row.IsRight,
                row.Audit,
                row.Failure,
                KillLost = row.Lost,
                row.Median,
                row.Rounds,
            }),
        }, Indented);
    }
}
