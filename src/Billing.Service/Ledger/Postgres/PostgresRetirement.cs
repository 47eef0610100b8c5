using System.Data.Common;
using Billing.Service.Hosting;
using Npgsql;

namespace Billing.Service.Ledger.Postgres;

/// <summary>Retires day by day through the owner's functions: the service's own user may neither delete records nor drop tables.</summary>
public sealed class PostgresRetirement(IDatabase database) : IRecordRetirement
{
    /// <summary>A batch of charges that meets these accounts waits for one such transaction, a tenth of a second on a busy machine.</summary>
    const int RecordsAtOnceMax = 1_000;

    // The last call for a day makes sure that none is left, which may have to pass over millions of deleted rows.
    const int SecondsMax = 600;

    const string DaysToFold =
        """
        select to_date(right(c.relname, 8), 'YYYYMMDD') as day from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'usage_record'::regclass and c.relname ~ '^usage_record_[0-9]{8}$' and to_date(right(c.relname, 8), 'YYYYMMDD') < $1
        union select day from usage_record_default where day < $1
        except select day from retired_day where folded_at is not null
        order by day
        """;

    const string DaysToDrop = "select day from retired_day where folded_at < now() - interval '1 hour' and dropped_at is null order by day";

    public async Task<RetiredRecords> Retire(DateOnly before, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var records = 0L;
        foreach (var day in await Days(connection, DaysToFold, cancellationToken, before)) records += await Fold(connection, day, cancellationToken);

        var dropped = 0;
        foreach (var day in await Days(connection, DaysToDrop, cancellationToken))
        {
            if (!await Drop(connection, day, cancellationToken)) break;
            dropped++;
        }
        return new RetiredRecords(records, dropped);
    }

    Task<List<DateOnly>> Days(DbConnection connection, string sql, CancellationToken cancellationToken, params object?[] parameters) =>
        database.Query(connection, sql, reader => database.ReadDay(reader, 0), cancellationToken, parameters);

    async Task<long> Fold(DbConnection connection, DateOnly day, CancellationToken cancellationToken)
    {
        var (total, from) = (0L, new Position(long.MinValue, DateTimeOffset.MinValue));
        while (await FoldSome(connection, day, from, cancellationToken) is var (records, to))
        {
            total += records;
            from = to;
        }
        return total;
    }

    /// <returns>How many records were carried forward, and where the next are; null when none was left.</returns>
    async Task<(long Records, Position To)?> FoldSome(DbConnection connection, DateOnly day, Position from, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = database.Statement(connection, "select records, to_account, to_time from retire_usage_records($1, $2, $3, $4)",
            day, RecordsAtOnceMax, from.AccountId, from.OccurredAt);
        command.CommandTimeout = SecondsMax;
        (long, Position)? folded;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            folded = reader.IsDBNull(1) ? null : (reader.GetInt64(0), new Position(reader.GetInt64(1), database.ReadInstant(reader, 2)));
        }
        // Dying up to here leaves everything as it was.
        FailPoint.Reach(FailPoint.BeforeRecordsFold);
        await transaction.CommitAsync(cancellationToken);
        // Dying from here on leaves a part of the day carried forward and the rest in records, and both count.
        FailPoint.Reach(FailPoint.AfterRecordsFold);
        return folded;
    }

    /// <summary>False when somebody reads for long: all of <c>usage_record</c> is needed for a moment, and who charges would stand behind us.</summary>
    async Task<bool> Drop(DbConnection connection, DateOnly day, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await database.Execute(connection, "set local lock_timeout = '500ms'", cancellationToken);
        try
        {
            await using var command = database.Statement(connection, "select drop_usage_record_day($1)", day);
            command.CommandTimeout = SecondsMax;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
        FailPoint.Reach(FailPoint.BeforeDayDrop);
        await transaction.CommitAsync(cancellationToken);
        FailPoint.Reach(FailPoint.AfterDayDrop);
        return true;
    }

    readonly record struct Position(long AccountId, DateTimeOffset OccurredAt);
}
