using System.Globalization;
using Billing.Service.Charging;
using Npgsql;
using StackExchange.Redis;

namespace Billing.Benchmarks.Plans;

/// <summary>
/// Asynchronous batching as teams build it by hand: a call decrements by Lua and pushes the usage onto a Redis list; a worker takes up to
/// a hundred of them, or what there is after a second, and writes them in one transaction. Taken is gone from the list.
/// </summary>
sealed class RedisQueue : IPlan
{
    const int BatchMax = 100;
    static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    static readonly RedisKey List = "usages";

    const string Push =
        """
        local left = redis.call('HGET', KEYS[1], ARGV[2])
        if not left then return 0 end
        local free = 0
        if tonumber(left) > 0 then
            redis.call('HINCRBY', KEYS[1], ARGV[2], -1)
            free = 1
        else
            redis.call('HINCRBY', KEYS[1], 'balance', -ARGV[3])
        end
        redis.call('RPUSH', KEYS[2], ARGV[1] .. '|' .. ARGV[2] .. '|' .. free .. '|' .. ARGV[3] .. '|' .. ARGV[4] .. '|' .. ARGV[5])
        return 1
        """;

    const string Pop =
        """
        local items = redis.call('LRANGE', KEYS[1], 0, ARGV[1] - 1)
        redis.call('LTRIM', KEYS[1], #items, -1)
        return items
        """;

    readonly NpgsqlDataSource _database;
    readonly ConnectionMultiplexer _connection;
    readonly RedisFunds _funds;
    readonly CancellationTokenSource _stop = new();
    readonly SemaphoreSlim _turn = new(1);
    readonly Task _work;

    RedisQueue(NpgsqlDataSource database, ConnectionMultiplexer connection)
    {
        (_database, _connection, _funds) = (database, connection, new RedisFunds(database, connection.GetDatabase()));
        _work = Task.Run(Work);
    }

    IDatabase Redis => _connection.GetDatabase();

    public static async Task<RedisQueue> Open(NpgsqlDataSource database, ConnectionMultiplexer connection)
    {
        await Bench.Execute(database,
            """
            create table if not exists plan_usage (id bigint generated always as identity primary key, usage_id uuid not null, user_id text not null,
                service_id integer not null, free_units integer not null, amount_nanos bigint not null, occurred_at timestamptz not null);
            create index if not exists plan_usage_by_id on plan_usage (usage_id);
            create index if not exists plan_usage_by_user on plan_usage (user_id, occurred_at)
            """);
        return new RedisQueue(database, connection);
    }

    public async Task Charge(Usage usage)
    {
        var service = Workload.Services.Single(offer => offer.Name == usage.Service);
        RedisValue[] arguments = [usage.UserId, service.ServiceId, service.PriceAt(usage.OccurredAt)!.Price.Cost(usage.Quantity).Nanos, usage.UsageId.ToString(), usage.OccurredAt.UtcTicks];
        while ((int)await Redis.ScriptEvaluateAsync(Push, [RedisFunds.Key(usage.UserId), List], arguments) == 0) await _funds.Load(usage.UserId);
    }

    public async Task Drain()
    {
        while (await Flush()) { }
    }

    public async Task<(long Charged, long Twice)> Count()
    {
        await using var command = _database.CreateCommand("select count(distinct usage_id), count(*) - count(distinct usage_id) from plan_usage");
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetInt64(1));
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
            try
            {
                for (var waited = TimeSpan.Zero; waited < WaitMax && await Redis.ListLengthAsync(List) < BatchMax; waited += Look) await Task.Delay(Look, _stop.Token);
                await Flush();
            }
            catch (Exception exception) when (exception is RedisException or OperationCanceledException)
            {
                // Ended, or tried again.
                await Task.Delay(Look);
            }
        }
    }

    async Task<bool> Flush()
    {
        await _turn.WaitAsync();
        try
        {
            var items = (RedisValue[])await Redis.ScriptEvaluateAsync(Pop, [List], [BatchMax]);
            // Dying between these lines loses what was taken.
            if (items.Length > 0) await Write([.. items.Select(item => Item.Of(item!))]);
            return items.Length > 0;
        }
        finally
        {
            _turn.Release();
        }
    }

    async Task Write(Item[] items)
    {
        await using var connection = await _database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection);
        Add("insert into plan_usage (usage_id, user_id, service_id, free_units, amount_nanos, occurred_at) select * from unnest($1, $2, $3, $4, $5, $6)",
            Column(item => item.UsageId), Column(item => item.UserId), Column(item => item.ServiceId), Column(item => item.Free), Column(item => item.Nanos), Column(item => item.OccurredAt));
        Add("update account a set balance_nanos = balance_nanos - d.nanos, version = version + 1 from (select user_id, sum(nanos)::bigint as nanos from unnest($1, $2) m (user_id, nanos) group by 1) d where a.user_id = d.user_id",
            Column(item => item.UserId), Column(item => item.Nanos));
        Add("""
            update free_quota q set used = used + d.units from (
                select a.account_id, m.service_id, sum(m.units) as units from unnest($1, $2, $3) m (user_id, service_id, units) join account a using (user_id) group by 1, 2) d
            where q.account_id = d.account_id and q.service_id = d.service_id and q.month = date_trunc('month', now() at time zone 'utc')::date
            """,
            Column(item => item.UserId), Column(item => item.ServiceId), Column(item => item.Free));
        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();

        void Add(string sql, params ReadOnlySpan<object> values)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
            batch.BatchCommands.Add(command);
        }

        T[] Column<T>(Converter<Item, T> select) => Array.ConvertAll(items, select);
    }

    sealed record Item(string UserId, int ServiceId, int Free, long Nanos, Guid UsageId, DateTime OccurredAt)
    {
        public static Item Of(string text)
        {
            var fields = text.Split('|');
            var free = int.Parse(fields[2], CultureInfo.InvariantCulture);
            return new Item(fields[0], int.Parse(fields[1], CultureInfo.InvariantCulture), free, free > 0 ? 0 : long.Parse(fields[3], CultureInfo.InvariantCulture), Guid.Parse(fields[4]),
                new DateTime(long.Parse(fields[5], CultureInfo.InvariantCulture), DateTimeKind.Utc));
        }
    }
}
