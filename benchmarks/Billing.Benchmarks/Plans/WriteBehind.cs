using System.Collections.Concurrent;
using System.Diagnostics;
using Billing.Benchmarks.Compare;
using Billing.Service.Charging;
using Npgsql;
using StackExchange.Redis;

namespace Billing.Benchmarks.Plans;

/// <summary>
/// Write-behind: a call moves counters in Redis, and what they have moved is written to the database every second. There is no record of
/// a usage and no identity: a repeat is charged again.
/// </summary>
sealed class WriteBehind : IPlan
{
    const int CallsOfSample = 100;
    static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    static readonly RedisKey Pending = "pending";
    static readonly RedisKey Flushing = "flushing";

    // Units and nanos are counted by HINCRBY, in 64 bits; the one comparison is of a few units.
    const string Take =
        """
        local left = redis.call('HGET', KEYS[1], ARGV[2])
        if not left then return 0 end
        if tonumber(left) > 0 then
            redis.call('HINCRBY', KEYS[1], ARGV[2], -1)
            redis.call('HINCRBY', KEYS[2], ARGV[1] .. '|' .. ARGV[2] .. '|f', 1)
        else
            redis.call('HINCRBY', KEYS[1], 'balance', -ARGV[3])
            redis.call('HINCRBY', KEYS[2], ARGV[1] .. '|' .. ARGV[2] .. '|p', 1)
        end
        return 1
        """;

    readonly NpgsqlDataSource _database;
    readonly ConnectionMultiplexer _connection;
    readonly RedisFunds _funds;
    readonly CancellationTokenSource _stop = new();
    readonly SemaphoreSlim _turn = new(1);
    readonly ConcurrentQueue<long> _called = new();
    readonly Task _work;
    long _calls;

    WriteBehind(NpgsqlDataSource database, ConnectionMultiplexer connection)
    {
        (_database, _connection, _funds) = (database, connection, new RedisFunds(database, connection.GetDatabase()));
        _work = Task.Run(Work);
    }

    /// <summary>Of one call in a hundred.</summary>
    public LatencyLog ToCommit { get; } = new();

    IDatabase Redis => _connection.GetDatabase();

    public static async Task<WriteBehind> Open(NpgsqlDataSource database, ConnectionMultiplexer connection)
    {
        await Bench.Execute(database, "create table if not exists plan_flush (usages bigint not null)");
        return new WriteBehind(database, connection);
    }

    public async Task Charge(Usage usage)
    {
        var service = Workload.Services.Single(offer => offer.Name == usage.Service);
        RedisValue[] arguments = [usage.UserId, service.ServiceId, service.PriceAt(usage.OccurredAt)!.Price.Cost(usage.Quantity).Nanos];
        var called = Stopwatch.GetTimestamp();
        while ((int)await Redis.ScriptEvaluateAsync(Take, [RedisFunds.Key(usage.UserId), Pending], arguments) == 0) await _funds.Load(usage.UserId);
        if (Interlocked.Increment(ref _calls) % CallsOfSample == 0) _called.Enqueue(called);
    }

    public async Task Drain()
    {
        while (await Flush()) { }
    }

    public async Task<(long Charged, long Twice)> Count()
    {
        await using var command = _database.CreateCommand("select coalesce(sum(usages), 0)::bigint from plan_flush");
        return ((long)(await command.ExecuteScalarAsync())!, 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _connection.Dispose();
    }

    async Task Work()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(Every, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (!_stop.IsCancellationRequested) await Flush();
            }
            catch (RedisException)
            {
                // Tried again at the next turn.
            }
        }
    }

    /// <summary>Whether there was anything. Put aside first; what an earlier process left aside comes before it.</summary>
    async Task<bool> Flush()
    {
        await _turn.WaitAsync();
        try
        {
            var inThis = _called.Count;
            if (!await Redis.KeyExistsAsync(Flushing))
            {
                if (!await Redis.KeyExistsAsync(Pending)) return false;
                await Redis.KeyRenameAsync(Pending, Flushing);
            }
            await Write(await Redis.HashGetAllAsync(Flushing));
            while (inThis-- > 0 && _called.TryDequeue(out var called)) ToCommit.AddSince(called);
            // Dying between the commit and this line charges all of it once more.
            await Redis.KeyDeleteAsync(Flushing);
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    async Task Write(HashEntry[] counters)
    {
        var moved = counters.Select(counter => (Field: ((string)counter.Name).Split('|'), Count: (long)counter.Value)).ToList();
        var (free, paid) = (moved.FindAll(move => move.Field[2] == "f"), moved.FindAll(move => move.Field[2] == "p"));
        await using var connection = await _database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command(
            """
            update free_quota q set used = used + d.units from (
                select a.account_id, m.service_id, m.units from unnest($1, $2, $3) m (user_id, service_id, units) join account a using (user_id)) d
            where q.account_id = d.account_id and q.service_id = d.service_id and q.month = date_trunc('month', now() at time zone 'utc')::date
            """,
            free.Select(move => move.Field[0]).ToArray(), free.Select(move => int.Parse(move.Field[1])).ToArray(), free.Select(move => move.Count).ToArray()));
        batch.BatchCommands.Add(Command(
            """
            update account a set balance_nanos = balance_nanos - d.nanos, version = version + 1
            from (select user_id, sum(nanos)::bigint as nanos from unnest($1, $2) m (user_id, nanos) group by 1) d where a.user_id = d.user_id
            """,
            paid.Select(move => move.Field[0]).ToArray(), paid.Select(move => move.Count * Workload.Services[int.Parse(move.Field[1]) - 1].PriceAt(TimeProvider.System.GetUtcNow())!.Price.Cost(1).Nanos).ToArray()));
        batch.BatchCommands.Add(Command("insert into plan_flush values ($1)", moved.Sum(move => move.Count)));
        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
