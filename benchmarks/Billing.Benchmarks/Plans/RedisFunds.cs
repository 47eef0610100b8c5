using Npgsql;
using StackExchange.Redis;

namespace Billing.Benchmarks.Plans;

/// <summary>What a user has left, in Redis; read from the database when a user is first met.</summary>
sealed class RedisFunds(NpgsqlDataSource database, IDatabase redis)
{
    public const string Balance = "balance";

    public static RedisKey Key(string userId) => $"funds:{userId}";

    public async Task Load(string userId)
    {
        await using var command = database.CreateCommand(
            """
            select a.balance_nanos, q.service_id, q.granted - q.used from account a join free_quota q using (account_id)
            where a.user_id = $1 and q.month = date_trunc('month', now() at time zone 'utc')::date
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = userId });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            await redis.HashSetAsync(Key(userId), Balance, reader.GetInt64(0), When.NotExists);
            await redis.HashSetAsync(Key(userId), reader.GetInt32(1), reader.GetInt64(2), When.NotExists);
        }
    }
}
