using Billing.Service.Charging;
using Npgsql;

namespace Billing.Service.Ledger.Postgres;

/// <summary>Makes the partitions of <c>usage_record</c>, one a day, from the oldest day a usage may come from to two weeks ahead.</summary>
sealed class UsageRecordDays(NpgsqlDataSource dataSource)
{
    const int DaysAhead = 14;

    public async Task MakeAhead(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var last = today.AddDays(DaysAhead);

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var made = await Made(connection, cancellationToken);
        for (var day = today.AddDays(-(int)UsageAge.Max.TotalDays - 1); day <= last; day = day.AddDays(1))
        {
            if (!made.Contains(Name(day))) await Make(connection, day, cancellationToken);
        }
    }

    // Several instances may do so at once. A busy table is given way to, since the days are made long before they are needed.
    static async Task Make(NpgsqlConnection connection, DateOnly day, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("select pg_advisory_xact_lock(hashtext('usage_record days'))");
        batch.Add("set local lock_timeout = '500ms'");
        // The owner's function: this user may make no tables.
        batch.Add($"select make_usage_record_day('{day:yyyy-MM-dd}')");
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.CheckViolation or PostgresErrorCodes.LockNotAvailable)
        {
            // The default partition has records of this day already, which are as safe there; or someone reads for long, and the
            // next hour is early enough.
        }
    }

    static string Name(DateOnly day) => $"usage_record_{day:yyyyMMdd}";

    static async Task<HashSet<string>> Made(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'usage_record'::regclass", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new HashSet<string>();
        while (await reader.ReadAsync(cancellationToken)) names.Add(reader.GetString(0));
        return names;
    }
}
