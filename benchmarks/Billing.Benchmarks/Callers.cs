using System.Diagnostics;

namespace Billing.Benchmarks;

/// <summary>Callers that wait for one answer each before they ask again.</summary>
static class Callers
{
    public const int Users = 100_000;
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public sealed record Result(double PerSecond, double P50Ms, double P99Ms)
    {
        public override string ToString() => $"{PerSecond,8:N0}/s p50 {P50Ms,6:0.0} p99 {P99Ms,7:0.0} ms";
    }

    /// <param name="ask">One request, given the caller's own load; throws when the answer is not what it should be.</param>
    public static async Task<Result> Drive(int callers, TimeSpan duration, Func<Workload, Task> ask, int users = Users, int seed = 0, TimeSpan? warmUp = null)
    {
        await Round(warmUp ?? WarmUp);
        return await Round(duration);

        async Task<Result> Round(TimeSpan length)
        {
            var watch = Stopwatch.StartNew();
            var latencies = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
            {
                var workload = new Workload(users, seed + caller);
                var times = new List<double>();
                while (watch.Elapsed < length)
                {
                    var started = Stopwatch.GetTimestamp();
                    await ask(workload);
                    times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
                return times;
            })));
            var all = latencies.SelectMany(times => times).Order().ToArray();
            return new Result(all.Length / watch.Elapsed.TotalSeconds, all[all.Length / 2], all[(int)(all.Length * 0.99)]);
        }
    }
}
