using Billing.Service.Batching;
using Billing.Service.Charging;

namespace Billing.Benchmarks;

/// <summary>Callers that wait for one deduction each: sharing commits, against a transaction for each of them by the same ledger.</summary>
static class DeductBenchmark
{
    public static async Task<Callers.Result> Shared(int callers, TimeSpan duration)
    {
        await using var bench = await Bench.Create();
        await bench.OpenAccounts(Callers.Users);
        var batcher = await bench.StartBatcher();
        var result = await Callers.Drive(callers, duration, workload => Deduct(workload, operation => batcher.Submit([operation], Urgency.Interactive)));
        await batcher.StopAsync(CancellationToken.None);
        return result;
    }

    public static async Task<Callers.Result> OneByOne(int callers, TimeSpan duration)
    {
        await using var bench = await Bench.Create();
        await bench.OpenAccounts(Callers.Users);
        return await Callers.Drive(callers, duration, workload => Deduct(workload, operation => bench.Ledger.Apply([operation], CancellationToken.None)));
    }

    static async Task Deduct(Workload workload, Func<Operation, Task<Outcome[]>> deduct)
    {
        var now = TimeProvider.System.GetUtcNow();
        var outcome = (await deduct(new DeductUsage(workload.Next(now), now.AddSeconds(30))))[0];
        if (outcome is not Charged) throw new InvalidOperationException($"Not charged: {outcome}");
    }
}
