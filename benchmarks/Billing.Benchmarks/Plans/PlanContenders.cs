using System.Diagnostics;
using Billing.Benchmarks.Compare;
using Billing.Service.Ledger.Postgres;

namespace Billing.Benchmarks.Plans;

/// <summary>The other plans on the same load, their callers in this process, and what each loses when it is killed.</summary>
static class PlanContenders
{
    const int ConfirmedBeforeKill = 500;
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan UnderWayWithin = TimeSpan.FromSeconds(60);
    static readonly TimeSpan KillAfter = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Noticed = TimeSpan.FromMilliseconds(200);

    public static Contender Of(Stage stage, string part, PlanKind kind) => new(part, kind.Name(), "usages", round => Measure(stage, kind, round)) { Kill = () => Kill(stage, kind) };

    /// <summary>The rate is that of usages that stand in the database: all that were taken, by the time until the last of them was there.</summary>
    static async Task<Measured> Measure(Stage stage, PlanKind kind, int round)
    {
        await using var bench = await stage.Database();
        await using var redis = kind.HasRedis() ? await RedisServer.Start(kind.IsAppendOnly()) : null;
        await using var plan = await kind.Open(bench.DataSource, redis?.Address);
        await using var delays = kind == PlanKind.RedisQueue ? new CommitProbes(bench.DataSource, "select usage_id from plan_usage where usage_id = any($1)") : null;
        var warm = await Drive(plan, stage.Options.WarmUp, stage.Options.Seed + round, delays);
        await plan.Drain();

        using var commands = new CommandCount();
        delays?.Open();
        var (spent, started, latencies) = (Spent.Now(Environment.ProcessId), Stopwatch.GetTimestamp(), new LatencyLog());
        latencies.Open();
        (plan as WriteBehind)?.ToCommit.Open();
        var taken = await Drive(plan, stage.Options.Duration, stage.Options.Seed + 100_000 + round, delays, latencies);
        await plan.Drain();
        var took = Stopwatch.GetElapsedTime(started);
        var costs = Spent.Now(Environment.ProcessId).Since(spent, taken);
        var roundTrips = commands.Count;
        var toCommit = delays is not null ? await delays.Finish() : (plan as WriteBehind)?.ToCommit.Percentiles ?? latencies.Percentiles;
        var (count, _) = await plan.Count();
        return new Measured
        {
            PerSecond = taken / took.TotalSeconds,
            Latency = latencies.Percentiles,
            ToCommit = toCommit,
            Costs = costs with { LoadGenerator = 0 },
            RoundTrips = (roundTrips - (delays?.Looks ?? 0)) * 1_000.0 / taken,
            Verdict = kind.WaitsInRedis()
                ? new Verdict(count == warm + taken, count == warm + taken ? "all are counted; no ledger to audit" : $"{warm + taken:N0} taken, {count:N0} in the database")
                : await Auditing.Of(bench, warm + taken, Auditing.RollUps),
            Note = kind.WaitsInRedis() ? "nothing is known of a usage's identity: a repeat is charged again" : null,
        };
    }

    static async Task<long> Drive(IPlan plan, TimeSpan length, int seed, CommitProbes? delays, LatencyLog? latencies = null)
    {
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, PlanProcess.Callers).Select(caller => Task.Run(async () =>
        {
            var workload = new Workload(Stage.UsersOfYardstick, seed + caller * 1_000);
            var count = 0L;
            for (; watch.Elapsed < length; count++)
            {
                var usage = workload.Next(TimeProvider.System.GetUtcNow());
                var started = Stopwatch.GetTimestamp();
                delays?.Pass(usage.UsageId);
                await plan.Charge(usage);
                latencies?.AddSince(started);
            }
            return count;
        })));
        return counts.Sum();
    }

    static async Task<string> Kill(Stage stage, PlanKind kind)
    {
        var ofProcess = await KillOne(stage, kind, killRedis: false);
        return kind.WaitsInRedis() ? $"process: {ofProcess}; Redis: {await KillOne(stage, kind, killRedis: true)}" : ofProcess;
    }

    static async Task UnderWay(string counts)
    {
        using var confirmed = new ConfirmedCounts(counts);
        for (var waited = Stopwatch.StartNew(); confirmed.Sum < ConfirmedBeforeKill; await Task.Delay(Look))
        {
            if (waited.Elapsed > UnderWayWithin) throw new InvalidOperationException($"The plan confirmed {confirmed.Sum} usages in {UnderWayWithin.TotalSeconds} s.");
        }
    }

    static async Task<string> KillOne(Stage stage, PlanKind kind, bool killRedis)
    {
        await using var bench = await stage.Database();
        await using var redis = kind.HasRedis() ? await RedisServer.Start(kind.IsAppendOnly()) : null;
        var counts = Path.Combine(AppContext.BaseDirectory, $"counts-{Guid.CreateVersion7():N}");
        try
        {
            await using (var victim = await PlanProcess.Start(kind, bench.ConnectionString, redis?.Address, counts, stage.Options.Seed))
            {
                await victim.Ask("charge");
                await UnderWay(counts);
                await Task.Delay(KillAfter);
                if (killRedis)
                {
                    await redis!.Kill();
                    await Task.Delay(Noticed);
                }
                await victim.Kill();
            }
            if (killRedis) await redis!.StartAgain();
            await using (var next = await PlanProcess.Start(kind, bench.ConnectionString, redis?.Address, counts, stage.Options.Seed)) await next.Ask("drain");

            using var confirmed = new ConfirmedCounts(counts);
            await using var database = PostgresConnections.ForTheRest(bench.ConnectionString);
            await using var plan = await kind.Open(database, redis?.Address);
            var (charged, twice) = await plan.Count();
            return $"{Math.Max(0, confirmed.Sum - charged):N0} of {confirmed.Sum:N0} confirmed, {twice + (kind == PlanKind.WriteBehind ? Math.Max(0, charged - confirmed.Sum - PlanProcess.Callers) : 0):N0} charged twice";
        }
        finally
        {
            File.Delete(counts);
        }
    }
}
