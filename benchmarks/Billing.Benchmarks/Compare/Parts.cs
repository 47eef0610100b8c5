using Billing.Benchmarks.Plans;

namespace Billing.Benchmarks.Compare;

/// <summary>What is compared, part by part; the contenders of a part take turns.</summary>
static class Parts
{
    const string Charging = "charging";
    const string Others = "plans";
    const string Deducting = "deductions";
    const string Reading = "reads";
    const string Shape = "shapes";
    const string Memory = "memory";
    const string Rest = "rest";

    static readonly LoadShape Single = new() { BatchSize = 0 };

    static readonly Dictionary<string, Func<Stage, Contender[]>> All = new()
    {
        [Charging] = ChargingContenders,
        [Others] = stage => [.. Enum.GetValues<PlanKind>().Select(kind => PlanContenders.Of(stage, Others, kind))],
        [Deducting] = stage =>
        [
            .. ((int[])[1, 16, 64, 256]).SelectMany(callers => Deductions.Of(stage, Deducting, callers, Stage.UsersOfYardstick)),
            .. ((int[])[64, 256]).SelectMany(callers => Deductions.Of(stage, Deducting, callers, users: 1)),
        ],
        [Reading] = stage => [.. Reads.Of(stage, Reading)],
        [Shape] = stage => Shapes.Of(stage, Shape),
        [Memory] = stage =>
        [
            new(Memory, "UsageBatch of 500, full load", "usages", round => MemoryWatch.Measure(stage, round)) { IsOurs = true },
            new(Memory, "embedded start to the first charged usage", "starts", _ => EmbeddedStart.Measure()) { IsOurs = true },
        ],
        [Rest] = stage => [.. OtherBenchmarks.Of(stage, Rest)],
    };

    public static IEnumerable<string> Names => All.Keys;

    public static Contender[] Of(string part, Stage stage) => All[part](stage);

    static Contender[] ChargingContenders(Stage stage)
    {
        const string postgres = "PostgreSQL alone, 2 connections";
        const string empty = "MassTransit alone, one by one";
        return
        [
            new(Charging, postgres, "usages", round => PostgresAlone.Measure(stage, connections: 2, timeOrderedIds: true, round)),
            BrokerContenders.Of(stage, Charging, "UsageBatch of 500", new LoadShape(), postgres, kill: true),
            new(Charging, "PostgreSQL alone, 1 connection", "usages", round => PostgresAlone.Measure(stage, connections: 1, timeOrderedIds: true, round)) { ComparedWith = postgres },
            new(Charging, "PostgreSQL alone, 2 connections, random ids", "usages", round => PostgresAlone.Measure(stage, connections: 2, timeOrderedIds: false, round)) { ComparedWith = postgres },
            BrokerContenders.Of(stage, Charging, "UsageBatch of 500, random ids", new LoadShape { TimeOrderedIds = false }, "PostgreSQL alone, 2 connections, random ids"),
            new(Charging, "RabbitMQ.Client alone, batches of 500", "usages", round => BrokerAlone.Measure(stage, round)),
            new(Charging, "MassTransit alone, batches of 500", "usages", round => MassTransitAlone.Usage(stage, new LoadShape(), round)),
            new(Charging, empty, "usages", round => MassTransitAlone.Usage(stage, Single, round)),
            BrokerContenders.Of(stage, Charging, "UsageOccurred, one by one", Single, empty, kill: true),
            new(Charging, "MassTransit alone, requests of 64 callers", "answers", round => MassTransitAlone.Requests(stage, callers: 64, round)),
        ];
    }
}
