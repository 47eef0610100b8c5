using Billing.Service.Charging;
using Npgsql;

namespace Billing.Service.Ledger.Postgres;

/// <summary>Makes the partitions of <c>usage_record</c>, one a day, from the oldest day a usage may come from to two weeks ahead.</summary>
static class UsageRecordDays
{
    const int DaysAhead = 14;

    public static async Task MakeAhead(NpgsqlDataSource dataSource, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var first = today.AddDays(-(int)UsageAge.Max.TotalDays - 1);
        var last = today.AddDays(DaysAhead);

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Several instances start at once; and a busy table is given way to, since the days are made long before they are needed.
        await Execute(connection, "select pg_advisory_xact_lock(hashtext('usage_record days')); set local lock_timeout = '2s'", cancellationToken);
        var made = await Made(connection, cancellationToken);
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            if (made.Contains(Name(day))) continue;
            await Execute(connection, $"create table {Name(day)} partition of usage_record for values from ('{day:yyyy-MM-dd}') to ('{day.AddDays(1):yyyy-MM-dd}')", cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    static string Name(DateOnly day) => $"usage_record_{day:yyyyMMdd}";

    static async Task<HashSet<string>> Made(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select inhrelid::regclass::text from pg_inherits where inhparent = 'usage_record'::regclass", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new HashSet<string>();
        while (await reader.ReadAsync(cancellationToken)) names.Add(reader.GetString(0));
        return names;
    }

    static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
