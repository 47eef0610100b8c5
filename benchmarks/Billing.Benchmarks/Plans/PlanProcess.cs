using Billing.Benchmarks.Compare;
using Billing.Service.Ledger.Postgres;
using Npgsql;

namespace Billing.Benchmarks.Plans;

/// <summary>A plan with its callers in a process of its own, to be killed amid its load; or the process after it, which finishes what it finds.</summary>
static class PlanProcess
{
    public const string Verb = "plan";
    public const int Callers = 64;

    const string Kind = "PLAN_KIND";
    const string Postgres = "PLAN_POSTGRES";
    const string Redis = "PLAN_REDIS";
    const string Counts = "PLAN_COUNTS";
    const string Seed = "PLAN_SEED";

    public static Task<ChildProcess> Start(PlanKind kind, string postgres, string? redis, string counts, int seed) => ChildProcess.Start(Verb,
        [new(Kind, kind.ToString()), new(Postgres, postgres), new(Redis, redis ?? ""), new(Counts, counts), new(Seed, $"{seed}")]);

    /// <summary>Charges until it is killed when told to; told to drain, it writes what an earlier process left.</summary>
    public static async Task Run()
    {
        // As patient as the measurements: a machine under load is not what is asked about here.
        await using var database = PostgresConnections.ForCharging(new NpgsqlConnectionStringBuilder(Value(Postgres)) { Timeout = 60, CommandTimeout = 300 }.ToString());
        await using var plan = await Enum.Parse<PlanKind>(Value(Kind)).Open(database, Value(Redis));
        using var counts = new ConfirmedCounts(Value(Counts));
        Console.WriteLine(ChildProcess.Ready);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line == "drain") await plan.Drain();
            else _ = Charge(plan, counts, int.Parse(Value(Seed)));
            Console.WriteLine(line);
        }
    }

    static Task Charge(IPlan plan, ConfirmedCounts counts, int seed) => Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
    {
        var workload = new Workload(Stage.UsersOfYardstick, seed + caller);
        // The first error ends a caller: what it was not told is not counted.
        for (var count = 1L; ; count++)
        {
            await plan.Charge(workload.Next(TimeProvider.System.GetUtcNow()));
            counts.Set(caller, count);
        }
    })));

    static string Value(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set: run compare.");
}
