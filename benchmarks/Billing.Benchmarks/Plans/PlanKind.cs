using Npgsql;

namespace Billing.Benchmarks.Plans;

/// <summary>The plans that are compared, by name.</summary>
enum PlanKind
{
    PerCall,
    WriteAround,
    WriteBehind,
    RedisQueue,
}

static class PlanKinds
{
    public static bool HasRedis(this PlanKind kind) => kind != PlanKind.PerCall;

    /// <summary>Whether its usages wait in Redis: then it is written to the disk, as far as the plan does that.</summary>
    public static bool IsAppendOnly(this PlanKind kind) => kind == PlanKind.RedisQueue;

    public static bool WaitsInRedis(this PlanKind kind) => kind is PlanKind.WriteBehind or PlanKind.RedisQueue;

    public static string Name(this PlanKind kind) => kind switch
    {
        PlanKind.PerCall => "a transaction for each call, EF Core",
        PlanKind.WriteAround => "write-around: the same and a Redis key deleted",
        PlanKind.WriteBehind => "write-behind: Redis counters flushed every second",
        PlanKind.RedisQueue => "Lua decrement and Redis list, worker of 100 or a second",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static async Task<IPlan> Open(this PlanKind kind, NpgsqlDataSource database, string? redis) => kind switch
    {
        PlanKind.PerCall => new PerCall(database),
        PlanKind.WriteAround => new PerCall(database, await RedisServer.Connect(redis!)),
        PlanKind.WriteBehind => await WriteBehind.Open(database, await RedisServer.Connect(redis!)),
        PlanKind.RedisQueue => await RedisQueue.Open(database, await RedisServer.Connect(redis!)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
