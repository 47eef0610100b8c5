namespace Billing.Benchmarks.Compare;

/// <summary>What is compared, part by part; the contenders of a part take turns.</summary>
static class Parts
{
    public const string Limits = "limits";
    public const string Charging = "charging";

    static readonly LoadShape Single = new() { BatchSize = 0 };

    static readonly Dictionary<string, Func<Stage, Contender[]>> All = new()
    {
        [Charging] = ChargingContenders,
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
