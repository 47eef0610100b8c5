using System.Diagnostics;
using Billing.Client;
using Billing.Client.Requests;
using Billing.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Benchmarks;

/// <summary>Checks in the gateway's process: what a call pays for being asked about and settled. The service answers at once, so that it is not measured.</summary>
static class LeasesBenchmark
{
    const int Keys = 10_000;
    const int Picks = 1 << 16;
    const int Batch = 500;
    const int Rounds = 3;
    const string Service = "chat";

    public static async Task Run(TimeSpan duration)
    {
        await using var provider = Client();
        var gate = provider.GetRequiredService<IQuotaGate>();

        Console.WriteLine($"in one process, {Environment.ProcessorCount} cores; {Keys:N0} users by Zipf 1.0 where there are many; the median of {Rounds} rounds");
        foreach (var (name, users, threads) in ((string, int, int)[])[("one user, 1 thread", 1, 1), ("many users, 1 thread", Keys, 1), ("one user, 2 threads", 1, 2), ("many users, 2 threads", Keys, 2)])
        {
            await Drive(gate, users, threads, duration / 4);
            var rounds = new List<Result>();
            for (var round = 0; round < Rounds; round++) rounds.Add(await Drive(gate, users, threads, duration / Rounds));
            Console.WriteLine($"checks, {name,-22} {rounds.OrderBy(round => round.NsPerCheck).ElementAt(Rounds / 2)}");
        }
    }

    static async Task<Result> Drive(IQuotaGate gate, int users, int threads, TimeSpan length)
    {
        var drives = await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Factory.StartNew(() => Check(gate, users, thread, length), TaskCreationOptions.LongRunning)));
        var batches = drives.SelectMany(drive => drive.Batches).ToArray();
        return new Result(Median(batches.Select(batch => batch.Checking)), Median(batches.Select(batch => batch.Settling)), drives.Sum(drive => drive.Bytes) / (double)(batches.Length * Batch), drives.Sum(drive => drive.Missed));
    }

    /// <summary>Batches of checks, then of their settlements. The median batch counts: this machine has other work, which takes a core away for milliseconds.</summary>
    static DriveResult Check(IQuotaGate gate, int users, int seed, TimeSpan length)
    {
        var workload = new Workload(users, seed);
        var picks = Enumerable.Range(0, Picks).Select(_ => workload.NextUser()).ToArray();
        var grants = new QuotaGrant[Batch];
        var batches = new List<(long Checking, long Settling)>();
        long missed = 0, bytes = 0;
        var started = Stopwatch.GetTimestamp();
        for (var next = 0; Stopwatch.GetElapsedTime(started) < length; next = (next + Batch) % (Picks - Batch))
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var from = Stopwatch.GetTimestamp();
            var allowed = 0;
            for (var i = 0; i < Batch; i++)
            {
                if (gate.TryAcquire(picks[next + i], Service, 1, out grants[i])) allowed++;
            }
            var middle = Stopwatch.GetTimestamp();
            foreach (var grant in grants)
            {
                if (grant.Allowed) grant.Complete(1);
            }
            var end = Stopwatch.GetTimestamp();
            bytes += GC.GetAllocatedBytesForCurrentThread() - before;
            missed += Batch - allowed;
            batches.Add((middle - from, end - middle));
            // A user without a lease, or one used up faster than it was renewed: as in a gateway, the next call waits for one.
            if (allowed < Batch) Lease(gate, picks.AsSpan(next, Batch));
        }
        return new DriveResult(batches, missed, bytes);
    }

    static void Lease(IQuotaGate gate, ReadOnlySpan<string> users)
    {
        foreach (var user in users) gate.AcquireAsync(user, Service).AsTask().GetAwaiter().GetResult().Complete(1);
    }

    static double Median(IEnumerable<long> ticks)
    {
        var sorted = ticks.Order().ToArray();
        return sorted[sorted.Length / 2] * 1e9 / Stopwatch.Frequency / Batch;
    }

    static ServiceProvider Client()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IRequestDoor, Rich>();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddBillingClient(options => options.Address = new Uri("http://localhost"));
        return services.BuildServiceProvider();
    }

    /// <summary>Grants whatever is asked for.</summary>
    sealed class Rich(TimeProvider time) : IRequestDoor
    {
        public Task<TResponse> Ask<TRequest, TResponse>(TRequest request, CancellationToken cancellationToken) where TRequest : class where TResponse : class
        {
            var now = time.GetUtcNow();
            object answer = request switch
            {
                ReserveQuota reserve => new QuotaReservation
                {
                    ReservationId = reserve.ReservationId, Granted = true, Quantity = reserve.Quantity, Available = new Money(long.MaxValue), Currency = "USD",
                    GrantUntil = now.AddSeconds(reserve.GrantSeconds), SettleBy = now.AddSeconds(reserve.GrantSeconds + 600),
                },
                ReleaseQuota release => new QuotaRelease { ReservationId = release.ReservationId, Released = true, Currency = "USD" },
                GetService service => new ServiceStatus { Service = service.Service, Currency = "USD", AsOf = now },
                _ => throw new NotSupportedException(request.GetType().Name),
            };
            return Task.FromResult((TResponse)answer);
        }
    }

    sealed record DriveResult(List<(long Checking, long Settling)> Batches, long Missed, long Bytes);

    sealed record Result(double NsPerCheck, double NsPerSettlement, double BytesPerCheck, long Missed)
    {
        public override string ToString() =>
            $"{1e9 / NsPerCheck,12:N0} checks/s on a core, {NsPerCheck,6:0.0} ns a check, {NsPerSettlement,5:0.0} ns to settle, {BytesPerCheck:0.00} bytes allocated; {Missed:N0} found no lease in hand";
    }
}
