using System.Diagnostics;
using System.Net.Http.Json;
using Billing.Benchmarks.Checks;
using Billing.Benchmarks.Recharges;
using Billing.Contracts;
using Billing.Service.Audit;
using Billing.Service.Ledger.Postgres;

namespace Billing.Benchmarks;

/// <summary>CheckQuota over RabbitMQ against an empty request/response consumer, turn by turn in one run, and over HTTP.</summary>
static class ChecksBenchmark
{
    const int Users = 1_000;
    const int Callers = 64;
    const int Rounds = 3;
    const string Service = "search";
    static readonly TimeSpan StatisticsOfPostgres = TimeSpan.FromSeconds(2);

    /// <returns>The exit code: 0 only if the money is right and the cache agrees with the database.</returns>
    public static async Task<int> Run(TimeSpan duration)
    {
        var redis = Environment.GetEnvironmentVariable("BILLING_REDIS") ?? throw new InvalidOperationException("Run ./bench.sh, or set BILLING_REDIS.");
        await using var bench = await Bench.Create();
        await bench.OpenAccounts(Users);
        await using var host = await VirtualHost.Create();
        KeyValuePair<string, string>[] settings = [new("BILLING_REDIS", redis), new("Cache__KeyPrefix", bench.Name)];
        await using var service = await ServiceProcess.Start(bench.ConnectionString, host.AsService, settings);
        await using var empty = await EmptyProcess.Start(host.AsAdministrator);
        await using var gateway = await Asking.Open(host.AsGateway);
        await using var other = await Asking.Open(host.AsAdministrator);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Callers }) { BaseAddress = service.Address };

        var check = gateway.For<CheckQuota, QuotaStatus>();
        var ask = other.For<EmptyRequest, EmptyAnswer>();
        Func<string, Task<bool>> byBroker = async user => (await check(new CheckQuota { UserId = user, Service = Service })).Allowed;
        Func<string, Task<bool>> byEmpty = async user => (await ask(new EmptyRequest { UserId = user, Service = Service, Quantity = 1 })).Allowed;
        Func<string, Task<bool>> byHttp = async user => (await http.GetFromJsonAsync<QuotaStatus>($"/v1/accounts/{user}/quota?service={Service}"))!.Allowed;
        foreach (var way in (Func<string, Task<bool>>[])[byBroker, byEmpty, byHttp]) await Drive(way, Callers, duration / 2);

        Console.WriteLine($"all on this machine: {Environment.ProcessorCount} cores for the service, the servers and this program; users by Zipf 1.0 of {Users:N0}");
        foreach (var callers in (int[])[Callers, 1]) await OverTheBroker(bench, byBroker, byEmpty, callers, duration);
        await OverHttp(byBroker, byHttp, duration);

        return await IsRight(bench, settings) ? 0 : 1;
    }

    static async Task OverTheBroker(Bench bench, Func<string, Task<bool>> check, Func<string, Task<bool>> empty, int callers, TimeSpan duration)
    {
        var (checks, empties, reads) = (new List<Result>(), new List<Result>(), 0L);
        for (var round = 0; round < Rounds; round++)
        {
            empties.Add(await Drive(empty, callers, duration));
            var before = await AccountReads(bench);
            checks.Add(await Drive(check, callers, duration));
            reads += await AccountReads(bench) - before;
        }
        var (one, other) = (Result.Of(checks), Result.Of(empties));
        Console.WriteLine($"check over RabbitMQ, {callers,2} callers  {one}   empty consumer {other}   rate {one.PerSecond / other.PerSecond:P0}, p50 x{one.P50Ms / other.P50Ms:0.00}; {reads * 1000.0 / checks.Sum(result => result.Count):0.0} reads of the database for 1,000 checks");
    }

    static async Task OverHttp(Func<string, Task<bool>> byBroker, Func<string, Task<bool>> byHttp, TimeSpan duration)
    {
        var (broker, http) = (new List<Result>(), new List<Result>());
        for (var round = 0; round < Rounds; round++)
        {
            broker.Add(await Drive(byBroker, Callers, duration));
            http.Add(await Drive(byHttp, Callers, duration));
        }
        var (one, other) = (Result.Of(http), Result.Of(broker));
        Console.WriteLine($"check over HTTP, {Callers,2} callers      {one}   over RabbitMQ {other}   x{one.PerSecond / other.PerSecond:0.0}");
    }

    static async Task<Result> Drive(Func<string, Task<bool>> ask, int callers, TimeSpan length)
    {
        var watch = Stopwatch.StartNew();
        var times = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var (users, mine) = (new Workload(Users, seed: caller), new List<double>());
            while (watch.Elapsed < length)
            {
                var user = users.NextUser();
                var started = Stopwatch.GetTimestamp();
                if (!await ask(user)) throw new InvalidOperationException($"{user} has money and was told no.");
                mine.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            return mine;
        })));
        var took = watch.Elapsed.TotalSeconds;
        var all = times.SelectMany(mine => mine).Order().ToArray();
        return new Result(all.Length, all.Length / took, all[all.Length / 2], all[(int)(all.Length * 0.99)]);
    }

    /// <summary>How often PostgreSQL looked into the accounts: a check that reads the database does so once.</summary>
    static async Task<long> AccountReads(Bench bench)
    {
        await Task.Delay(StatisticsOfPostgres);
        await using var command = bench.DataSource.CreateCommand("select coalesce(idx_scan, 0) + seq_scan from pg_stat_user_tables where relname = 'account' and schemaname = 'ledger'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    static async Task<bool> IsRight(Bench bench, KeyValuePair<string, string>[] settings)
    {
        var report = await AuditRun.Execute(new PostgresDatabase(bench.DataSource), publishedFile: null, CancellationToken.None);
        AuditText.Write(report, Console.Out);
        var verify = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Billing.Service.dll"), "verify-cache"]) { Environment = { ["BILLING_POSTGRES"] = bench.ConnectionString, ["BILLING_POSTGRES_OWNER"] = "" } };
        foreach (var (name, value) in settings) verify.Environment[name] = value;
        using var process = Process.Start(verify)!;
        await process.WaitForExitAsync();
        return report.Holds && process.ExitCode == 0;
    }

    sealed record Result(int Count, double PerSecond, double P50Ms, double P99Ms)
    {
        /// <summary>The median round by rate.</summary>
        public static Result Of(List<Result> rounds) => rounds.OrderBy(round => round.PerSecond).ElementAt(rounds.Count / 2);

        public override string ToString() => $"{PerSecond,7:N0}/s p50 {P50Ms,5:0.00} p99 {P99Ms,6:0.00} ms";
    }
}
