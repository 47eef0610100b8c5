using System.Diagnostics;
using Billing.Service.Batching;
using Billing.Service.Charging;

namespace Billing.Benchmarks;

/// <summary>Callers that wait for one deduction each: sharing commits, against a transaction for each of them by the same ledger.</summary>
static class DeductBenchmark
{
    const int Users = 100_000;

    public sealed record Result(double PerSecond, double P50Ms, double P99Ms);

    public static async Task<Result> Shared(int callers, TimeSpan duration)
    {
        await using var bench = await Bench.Create();
        await bench.OpenAccounts(Users);
        var batcher = await bench.StartBatcher();
        var result = await Drive(callers, duration, operation => batcher.Submit([operation], Urgency.Interactive));
        await batcher.StopAsync(CancellationToken.None);
        return result;
    }

    public static async Task<Result> OneByOne(int callers, TimeSpan duration)
    {
        await using var bench = await Bench.Create();
        await bench.OpenAccounts(Users);
        return await Drive(callers, duration, operation => bench.Ledger.Apply([operation], CancellationToken.None));
    }

    static async Task<Result> Drive(int callers, TimeSpan duration, Func<Operation, Task<Outcome[]>> deduct)
    {
        await Round(TimeSpan.FromSeconds(3));
        return await Round(duration);

        async Task<Result> Round(TimeSpan length)
        {
            var watch = Stopwatch.StartNew();
            var latencies = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
            {
                var workload = new Workload(Users, seed: caller);
                var times = new List<double>();
                while (watch.Elapsed < length)
                {
                    var now = TimeProvider.System.GetUtcNow();
                    var started = Stopwatch.GetTimestamp();
                    var outcomes = await deduct(new DeductUsage(workload.Next(now), now.AddSeconds(30)));
                    if (outcomes[0] is not Charged) throw new InvalidOperationException($"Not charged: {outcomes[0]}");
                    times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
                return times;
            })));
            var all = latencies.SelectMany(times => times).Order().ToArray();
            return new Result(all.Length / watch.Elapsed.TotalSeconds, all[all.Length / 2], all[(int)(all.Length * 0.99)]);
        }
    }
}
