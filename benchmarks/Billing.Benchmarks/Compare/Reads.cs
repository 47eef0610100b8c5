using Billing.Benchmarks.Checks;
using Billing.Contracts;

namespace Billing.Benchmarks.Compare;

/// <summary>What gateways and web pages ask for over the broker, alone and while usage is charged at half of what the service takes.</summary>
static class Reads
{
    const int Callers = 8;

    static readonly (string Name, Func<Asking, Func<Workload, Task>> Open)[] Questions =
    [
        ("CheckQuota", asking => Ask<CheckQuota, QuotaStatus>(asking, load => new() { UserId = load.NextUser(), Service = load.NextService() }, answer => answer.Allowed ? null : "no")),
        ("GetAccount", asking => Ask<GetAccount, AccountStatus>(asking, load => new() { UserId = load.NextUser() }, answer => answer.Code)),
        ("ListRecords, a page of 50", asking => Ask<ListRecords, RecordPage>(asking, load => new() { UserId = load.NextUser() }, answer => answer.Code)),
        ("GetStatistics, today", asking => Ask<GetStatistics, UsageStatistics>(asking, load => new() { UserId = load.NextUser(), Period = "today" }, answer => answer.Code)),
        ("GetStatistics, this month by service", asking => Ask<GetStatistics, UsageStatistics>(asking, load => new() { UserId = load.NextUser(), Period = "this_month", GroupBy = ["service"] }, answer => answer.Code)),
    ];

    public static IEnumerable<Contender> Of(Stage stage, string part)
    {
        foreach (var (name, open) in Questions)
        {
            yield return new(part, $"{name}, alone", "answers", round => Measure(stage, open, round, underLoad: false)) { IsOurs = true };
            yield return new(part, $"{name}, at half load", "answers", round => Measure(stage, open, round, underLoad: true)) { IsOurs = true, ComparedWith = $"{name}, alone" };
        }
    }

    static async Task<Measured> Measure(Stage stage, Func<Asking, Func<Workload, Task>> open, int round, bool underLoad)
    {
        var shape = new LoadShape { Pace = underLoad ? await HalfLoad.Of(stage) : LoadShape.Nothing, Records = stage.Options.Records };
        await using var run = await ServiceUnderLoad.Start(stage, shape, round);
        await using var asking = await Asking.Open(run.Host.AsWeb);
        var result = await Benchmarks.Callers.Drive(Callers, stage.Options.Duration, open(asking), seed: stage.Options.Seed + round * 1_000, warmUp: stage.Options.WarmUp);
        return new Measured { PerSecond = result.PerSecond, Latency = new Percentiles(result.P50Ms, result.P99Ms), Verdict = await run.Finish() };
    }

    static Func<Workload, Task> Ask<TRequest, TAnswer>(Asking asking, Func<Workload, TRequest> question, Func<TAnswer, string?> wrong) where TRequest : class where TAnswer : class
    {
        var ask = asking.For<TRequest, TAnswer>();
        return async load =>
        {
            if (wrong(await ask(question(load))) is { } code) throw new InvalidOperationException($"{typeof(TRequest).Name} is answered by {code}.");
        };
    }
}
