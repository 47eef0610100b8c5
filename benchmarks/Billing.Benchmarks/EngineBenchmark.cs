using System.Diagnostics;
using Billing.Service.Batching;
using Billing.Service.Charging;

namespace Billing.Benchmarks;

/// <summary>Usages from the batcher's door to their commit, in chunks as a UsageBatch message brings them.</summary>
static class EngineBenchmark
{
    const int Users = 100_000;
    const int Chunk = 500;
    const int InFlight = 64;

    public static async Task<double> Run(TimeSpan duration, bool timeOrderedIds, Func<Bench, Task>? prepare = null)
    {
        await using var bench = await Bench.Create();
        await bench.OpenAccounts(Users);
        if (prepare is not null) await prepare(bench);
        var batcher = await bench.StartBatcher();
        var workload = new Workload(Users, seed: 42, timeOrderedIds);

        await Drive(TimeSpan.FromSeconds(4));
        var rate = await Drive(duration);
        await batcher.StopAsync(CancellationToken.None);
        return rate;

        async Task<double> Drive(TimeSpan length)
        {
            var watch = Stopwatch.StartNew();
            var charged = 0L;
            var making = new Lock();
            await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(async () =>
            {
                while (watch.Elapsed < length)
                {
                    Operation[] chunk;
                    lock (making) chunk = workload.Take(Chunk, TimeProvider.System.GetUtcNow());
                    var outcomes = await batcher.Submit(chunk, Urgency.Bulk);
                    if (outcomes.Any(outcome => outcome is not Charged { Duplicate: false })) throw new InvalidOperationException("A usage was not charged.");
                    Interlocked.Add(ref charged, chunk.Length);
                }
            })));
            return charged / watch.Elapsed.TotalSeconds;
        }
    }
}
