using Billing.Benchmarks.Plain;
using Billing.Service.Audit;
using Billing.Service.Batching;
using Billing.Service.Charging.Reservations;
using Billing.Service.Ledger.Postgres;

namespace Billing.Benchmarks;

/// <summary>Callers that wait for one reservation each: sharing commits, against plain EF Core doing the same one transaction at a time.</summary>
static class ReserveBenchmark
{
    static readonly TimeSpan Grant = TimeSpan.FromSeconds(30);

    /// <summary>Ends with the audit: a fast wrong answer is a failed run.</summary>
    public static async Task<Callers.Result> Shared(int callers, TimeSpan duration)
    {
        await using var bench = await Bench.Create();
        await bench.OpenAccounts(Callers.Users);
        var batcher = await bench.StartBatcher();
        var result = await Callers.Drive(callers, duration, async workload =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var usage = workload.Next(now);
            var hold = new HoldFunds(usage.UsageId, usage.UserId, usage.Service, 5, null, Grant, now, now.AddSeconds(30));
            var outcome = (await batcher.Submit([hold], Urgency.Interactive))[0];
            if (outcome is not Reserved) throw new InvalidOperationException($"Not reserved: {outcome}");
        });
        await batcher.StopAsync(CancellationToken.None);

        // Not on the charging connections, which plan by index alone.
        await using var plain = PostgresConnections.ForTheRest(bench.ConnectionString);
        var holds = (await AuditRun.Execute(new PostgresDatabase(plain), publishedFile: null, CancellationToken.None)).Invariants.Single(invariant => invariant.Name == "holds");
        if (holds.Violations > 0) throw new InvalidOperationException($"The audit fails: {string.Join("; ", holds.Examples)}");
        return result;
    }

    public static async Task<Callers.Result> PlainEf(int callers, TimeSpan duration)
    {
        await using var bench = await Bench.Create();
        await bench.OpenAccounts(Callers.Users);
        var desk = new PlainReservations(bench.DataSource, Workload.Services);
        return await Callers.Drive(callers, duration, async workload =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var usage = workload.Next(now);
            if (!await desk.Reserve(usage.UsageId, usage.UserId, usage.Service, 5, now, Grant)) throw new InvalidOperationException("Not reserved.");
        });
    }
}
