using System.Diagnostics;
using Billing.Benchmarks.Recharges;
using Billing.Benchmarks.Reporter;
using Billing.Client;
using Billing.Contracts;
using Billing.Service.Audit;
using Billing.Service.Ledger.Postgres;

namespace Billing.Benchmarks;

/// <summary>What a report costs the gateway's thread, and how long it takes from there to the committed record at half the engine's load.</summary>
static class ReporterBenchmark
{
    const int Users = 100_000;
    const int CallsOfRound = 20_000;
    const int Rounds = 20;

    /// <returns>The exit code: 0 only if every usage that was taken is charged and the money is right.</returns>
    public static async Task<int> Run(TimeSpan duration)
    {
        Console.WriteLine($"all on this machine: {Environment.ProcessorCount} cores for the gateway, the servers and the service");
        foreach (var durability in Enum.GetValues<UsageDurability>()) await CostOfACall(durability);

        var engine = await EngineBenchmark.Run(duration, timeOrderedIds: true);
        Console.WriteLine($"engine alone                             {engine,9:N0} usages/s");
        var isRight = true;
        foreach (var durability in Enum.GetValues<UsageDurability>()) isRight &= await ToTheRecord(durability, (int)(engine / 2), duration);
        return isRight ? 0 : 1;
    }

    static async Task CostOfACall(UsageDurability durability)
    {
        await using var gateway = await GatewayUnderLoad.WithoutService(durability);
        var users = new Workload(Users, seed: 1);
        var names = Enumerable.Range(0, CallsOfRound).Select(_ => users.NextUser()).ToArray();
        var times = new List<long>();
        var allocated = 0L;
        for (var round = -2; round < Rounds; round++)
        {
            var ticks = new long[CallsOfRound];
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < names.Length; i++)
            {
                var started = Stopwatch.GetTimestamp();
                var taken = gateway.Reporter.TryReport(new UsageReport { UserId = names[i], Service = "search", Quantity = 1 });
                ticks[i] = Stopwatch.GetTimestamp() - started;
                if (!taken) throw new InvalidOperationException("A report was refused.");
            }
            var after = GC.GetAllocatedBytesForCurrentThread();
            await gateway.AllSent();
            if (round < 0) continue;
            times.AddRange(ticks);
            allocated += after - before;
        }
        times.Sort();
        Console.WriteLine($"TryReport, {durability,-7}  p50 {Nanoseconds(times[times.Count / 2]),6:N0} ns   p99 {Nanoseconds(times[(int)(times.Count * 0.99)]),7:N0} ns   {(double)allocated / times.Count,5:0.0} bytes a call");
    }

    static async Task<bool> ToTheRecord(UsageDurability durability, int perSecond, TimeSpan duration)
    {
        await using var bench = await Bench.Create();
        await bench.OpenAccounts(Users);
        await using var host = await VirtualHost.Create();
        await using var service = await ServiceProcess.Start(bench.ConnectionString, host.AsService);
        await using var gateway = await GatewayUnderLoad.OnBroker(durability, host.AsGateway);
        await using var probes = new RecordProbes(bench.DataSource, gateway.Reporter);

        await gateway.Drive(perSecond, duration / 2);
        probes.Start();
        var took = await gateway.Drive(perSecond, duration);
        var latencies = await probes.Finish();
        await gateway.AllSent();

        Console.WriteLine($"reporter to committed record, {durability,-7}  {gateway.LastRate,9:N0} usages/s ({gateway.Refused:N0} refused in {took.TotalSeconds:0.0} s)   p50 {latencies[latencies.Count / 2],6:0} ms   p99 {latencies[(int)(latencies.Count * 0.99)],6:0} ms   of {latencies.Count} probes");
        await probes.WaitUntilRecorded(gateway.Taken + latencies.Count);
        var report = await AuditRun.Execute(new PostgresDatabase(bench.DataSource), publishedFile: null, CancellationToken.None);
        AuditText.Write(report, Console.Out);
        return report.Holds;
    }

    static double Nanoseconds(long ticks) => ticks * 1e9 / Stopwatch.Frequency;
}
