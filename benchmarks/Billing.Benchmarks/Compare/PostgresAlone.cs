using System.Diagnostics;

namespace Billing.Benchmarks.Compare;

/// <summary>The limit: PostgreSQL taking the same rows by the same statements, with nothing to decide, no broker and no service.</summary>
static class PostgresAlone
{
    const int BatchSize = 5_000;
    const int PerSecondMax = 150_000;
    const int UsagesMax = 4_000_000;
    const int FirstBatches = 4;

    public static async Task<Measured> Measure(Stage stage, int connections, bool timeOrderedIds, int round)
    {
        await using var bench = await stage.Database();
        var workload = new Workload(Stage.UsersOfYardstick, stage.Options.Seed + round, timeOrderedIds);
        var usages = Math.Min(UsagesMax, (int)(stage.Options.Duration.TotalSeconds * PerSecondMax / 2 * connections));
        var batches = await PreparedBatches.Make(bench, workload, connections, usages, BatchSize);

        using var over = new CancellationTokenSource();
        await Task.WhenAll(batches.Select(own => Run(bench, own.Take(FirstBatches), over)));
        var spent = Spent.Now();
        var watch = Stopwatch.StartNew();
        over.CancelAfter(stage.Options.Duration);
        var written = (await Task.WhenAll(batches.Select(own => Run(bench, own.Skip(FirstBatches), over, endsAll: true)))).Sum();
        var took = watch.Elapsed;
        return new Measured
        {
            PerSecond = written / took.TotalSeconds,
            Costs = Spent.Now().Since(spent, written),
            RoundTrips = 2_000.0 / BatchSize,
            Verdict = await Auditing.Of(bench, written + batches.Sum(own => own.Take(FirstBatches).Sum(batch => batch.Usages))),
        };
    }

    /// <summary>Until the time is over, or one connection has no more: then all stop, so that all were at work all the time.</summary>
    static async Task<long> Run(Bench bench, IEnumerable<PreparedBatch> batches, CancellationTokenSource over, bool endsAll = false)
    {
        await using var connection = await bench.DataSource.OpenConnectionAsync();
        var written = 0L;
        foreach (var batch in batches)
        {
            if (over.IsCancellationRequested) return written;
            (batch.Read.Connection, batch.Write.Connection) = (connection, connection);
            await using (var reader = await batch.Read.ExecuteReaderAsync())
            {
                do while (await reader.ReadAsync()) { }
                while (await reader.NextResultAsync());
            }
            await batch.Write.ExecuteNonQueryAsync();
            written += batch.Usages;
        }
        if (endsAll) await over.CancelAsync();
        return written;
    }
}
