using Billing.Benchmarks.Checks;
using Billing.Contracts;

namespace Billing.Benchmarks.Compare;

/// <summary>Other loads than the yardstick's, beside it.</summary>
static class Shapes
{
    const int Deducting = 16;

    public static Contender[] Of(Stage stage, string part)
    {
        const string yardstick = "UsageBatch of 500, the yardstick";
        const string random = "random ids";
        const string retiring = "retiring old records with random ids";
        return
        [
            Batch(yardstick, new LoadShape(), null),
            Batch("one hot account", new LoadShape { Users = 1 }),
            Batch("1,000,000 accounts", new LoadShape { Users = Stage.ManyUsers }),
            Batch($"{stage.Options.Records:N0} records present", new LoadShape { Records = stage.Options.Records }),
            Batch(random, new LoadShape { TimeOrderedIds = false }),
            Batch($"random ids, {stage.Options.Identities:N0} of them present", new LoadShape { TimeOrderedIds = false, Identities = stage.Options.Identities }, random),
            new(part, retiring, "records", _ => Retiring.Measure(stage, identities: 0)) { IsOurs = true },
            new(part, $"{retiring}, {stage.Options.Identities:N0} others present", "records", _ => Retiring.Measure(stage, stage.Options.Identities)) { IsOurs = true, ComparedWith = retiring },
            Batch("20% duplicates, new usages counted", new LoadShape { Duplicates = 0.2 }),
            .. ((int[])[50, 100, 1_000]).Select(size => Batch($"UsageBatch of {size}", new LoadShape { BatchSize = size })),
            Batch("2 service processes", new LoadShape { Services = 2 }),
            Batch("2 service processes, users split between 2 queues", new LoadShape { Queues = 2 }),
            new(part, "half load", "usages", round => AtHalfLoad(stage, round)) { IsOurs = true, ComparedWith = yardstick },
            new(part, $"deductions of {Deducting} callers over RabbitMQ at half load", "deductions", round => DeductionsAtHalfLoad(stage, round)) { IsOurs = true },
        ];

        Contender Batch(string name, LoadShape shape, string? comparedWith = yardstick) => BrokerContenders.Of(stage, part, name, shape, comparedWith);
    }

    static async Task<Measured> AtHalfLoad(Stage stage, int round)
    {
        await using var run = await ServiceUnderLoad.Start(stage, new LoadShape { Pace = await HalfLoad.Of(stage) }, round);
        await Task.Delay(stage.Options.WarmUp);
        var measured = await run.Window(stage.Options.Duration);
        return measured with { Verdict = await run.Finish() };
    }

    static async Task<Measured> DeductionsAtHalfLoad(Stage stage, int round)
    {
        await using var run = await ServiceUnderLoad.Start(stage, new LoadShape { Pace = await HalfLoad.Of(stage) }, round);
        await using var asking = await Asking.Open(run.Host.AsGateway);
        var ask = asking.For<DeductQuota, QuotaDeduction>();
        var result = await Callers.Drive(Deducting, stage.Options.Duration, async load =>
        {
            Deductions.Check(await ask(Deductions.Request(load.Next(TimeProvider.System.GetUtcNow()))));
            run.NoteDeduction();
        }, seed: stage.Options.Seed + 500_000 + round, warmUp: stage.Options.WarmUp);
        return new Measured { PerSecond = result.PerSecond, Latency = new Percentiles(result.P50Ms, result.P99Ms), Verdict = await run.Finish() };
    }
}
