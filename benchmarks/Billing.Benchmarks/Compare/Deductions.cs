using System.Net.Http.Json;
using Billing.Benchmarks.Checks;
using Billing.Benchmarks.Plans;
using Billing.Benchmarks.Recharges;
using Billing.Contracts;
using Billing.Service.Batching;
using Billing.Service.Charging;

namespace Billing.Benchmarks.Compare;

/// <summary>Callers that wait for one deduction each, through every door, beside a transaction for each of them in plain EF Core.</summary>
static class Deductions
{
    public static IEnumerable<Contender> Of(Stage stage, string part, int callers, int users)
    {
        var who = $"{callers} {(callers == 1 ? "caller" : "callers")}{(users == 1 ? ", one hot account" : "")}";
        var plain = $"plain EF Core, {who}";
        yield return new(part, plain, "calls", round => Plain(stage, callers, users, round));
        yield return new(part, $"in-process, {who}", "deductions", round => InProcess(stage, callers, users, round)) { IsOurs = true, ComparedWith = plain };
        yield return new(part, $"over RabbitMQ, {who}", "deductions", round => OverRabbitMq(stage, callers, users, round)) { IsOurs = true, ComparedWith = plain };
        yield return new(part, $"over HTTP, {who}", "deductions", round => OverHttp(stage, callers, users, round)) { IsOurs = true, ComparedWith = plain };
    }

    static async Task<Measured> Plain(Stage stage, int callers, int users, int round)
    {
        await using var bench = await stage.Database();
        await using var plan = new PerCall(bench.DataSource);
        return await Drive(stage, bench, callers, users, round, [], plan.Charge, Auditing.RollUps);
    }

    static async Task<Measured> InProcess(Stage stage, int callers, int users, int round)
    {
        await using var bench = await stage.Database();
        var batcher = await bench.StartBatcher();
        var measured = await Drive(stage, bench, callers, users, round, [], async usage =>
        {
            var outcome = (await batcher.Submit([new DeductUsage(usage, TimeProvider.System.GetUtcNow().AddSeconds(30))], Urgency.Interactive))[0];
            if (outcome is not Charged { Duplicate: false }) throw new InvalidOperationException($"Not charged: {outcome}");
        });
        await batcher.StopAsync(CancellationToken.None);
        return measured;
    }

    static async Task<Measured> OverRabbitMq(Stage stage, int callers, int users, int round)
    {
        await using var bench = await stage.Database();
        await using var host = await VirtualHost.Create();
        await using var service = await ServiceProcess.Start(bench.ConnectionString, host.AsService);
        await using var gateway = await Asking.Open(host.AsGateway);
        var ask = gateway.For<DeductQuota, QuotaDeduction>();
        return await Drive(stage, bench, callers, users, round, [service.Id], async usage => Check(await ask(Request(usage))));
    }

    static async Task<Measured> OverHttp(Stage stage, int callers, int users, int round)
    {
        await using var bench = await stage.Database();
        await using var host = await VirtualHost.Create();
        await using var service = await ServiceProcess.Start(bench.ConnectionString, host.AsService);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = callers }) { BaseAddress = service.Address };
        return await Drive(stage, bench, callers, users, round, [service.Id], async usage =>
        {
            using var answer = await http.PostAsJsonAsync("/v1/deductions", Request(usage));
            answer.EnsureSuccessStatusCode();
            Check((await answer.Content.ReadFromJsonAsync<QuotaDeduction>())!);
        });
    }

    public static DeductQuota Request(Usage usage) => new() { UsageId = usage.UsageId, UserId = usage.UserId, Service = usage.Service, Quantity = usage.Quantity, OccurredAt = usage.OccurredAt };

    public static void Check(QuotaDeduction answer)
    {
        if (!answer.Charged || answer.Duplicate) throw new InvalidOperationException($"Not charged: {answer.Code} {answer.Detail}");
    }

    static async Task<Measured> Drive(Stage stage, Bench bench, int callers, int users, int round, int[] services, Func<Usage, Task> deduct, params string[] notAudited)
    {
        var asked = 0L;
        var spent = Spent.Now(services);
        var result = await Callers.Drive(callers, stage.Options.Duration, async workload =>
        {
            await deduct(workload.Next(TimeProvider.System.GetUtcNow()));
            Interlocked.Increment(ref asked);
        }, users, stage.Options.Seed + round * 1_000, stage.Options.WarmUp);
        return new Measured
        {
            PerSecond = result.PerSecond,
            Latency = new Percentiles(result.P50Ms, result.P99Ms),
            // The warm-up's too.
            Costs = Spent.Now(services).Since(spent, asked),
            Verdict = await Auditing.Of(bench, asked, notAudited),
        };
    }
}
