using Billing.Service.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace Billing.Service.Queries.Sqlite;

/// <summary>Adds up in the file, piece by piece along the index by account and time; what is empty is stepped over.</summary>
public sealed class SqliteStatisticsReader(SqliteDatabase database, TimeProvider time) : IStatisticsReader
{
    public Task<IStatisticsSnapshot?> Open(string userId, CancellationToken cancellationToken)
    {
        var connection = database.Open();
        SqliteTransaction? transaction = null;
        try
        {
            transaction = connection.BeginTransaction(deferred: true);
            if (SqliteReads.FindAccount(connection, userId) is { } accountId)
                return Task.FromResult<IStatisticsSnapshot?>(new Snapshot(connection, transaction, accountId, time.GetUtcNow()));
        }
        catch
        {
            transaction?.Dispose();
            connection.Dispose();
            throw;
        }
        transaction.Dispose();
        connection.Dispose();
        return Task.FromResult<IStatisticsSnapshot?>(null);
    }

    sealed class Snapshot(SqliteConnection connection, SqliteTransaction transaction, long accountId, DateTimeOffset asOf) : IStatisticsSnapshot
    {
        const int HalfBits = 32;

        const string ReadFirst = "select min(occurred_at) from usage_record where account_id = $1 and occurred_at >= $2 and occurred_at < $3";
        const string ReadLast = "select max(occurred_at) from usage_record where account_id = $1 and occurred_at >= $2 and occurred_at < $3";

        // SQLite adds in 64 bits. Amounts are not negative: their halves are added, and do not get there in a file that fits on a disk.
        const string ReadSums =
            """
            select s.name, t.* from (
                select r.service_id, count(*), sum(r.quantity), sum(r.free_units),
                    sum(r.cost_nanos >> 32), sum(r.cost_nanos & 0xffffffff), sum(r.amount_nanos >> 32), sum(r.amount_nanos & 0xffffffff),
                    count(e.operation_id), sum(iif(e.operation_id is null, 0, r.amount_nanos >> 32)), sum(iif(e.operation_id is null, 0, r.amount_nanos & 0xffffffff))
                from usage_record r left join ledger_entry e on e.operation_id = r.usage_id and e.kind = 3
                where r.account_id = $1 and r.occurred_at >= $2 and r.occurred_at < $3 and ($4 is null or r.service_id = $4)
                group by r.service_id) t
            join service s on s.service_id = t.service_id
            """;

        public DateTimeOffset AsOf { get; } = asOf;

        public Task<(DateTimeOffset First, DateTimeOffset Last)?> Extent(TimeRange range, CancellationToken cancellationToken)
        {
            var (from, to) = Ends(range);
            return Task.FromResult<(DateTimeOffset, DateTimeOffset)?>(
                Instant(ReadFirst, from, to) is { } first && Instant(ReadLast, from, to) is { } last ? (first, last) : null);
        }

        public Task<IReadOnlyList<StatisticsRow>> Sum(TimeRange range, int? serviceId, IReadOnlyList<DateTimeOffset> cuts, CancellationToken cancellationToken)
        {
            var (from, to) = Ends(range);
            var rows = new List<StatisticsRow>();
            if (cuts.Count == 0)
            {
                Sum(rows, 0, from, to, serviceId);
                return Task.FromResult<IReadOnlyList<StatisticsRow>>(rows);
            }

            var pieces = new Cuts([.. cuts]);
            while (from < to && Instant(ReadFirst, from, to) is { } next)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var piece = pieces.PieceOf(next);
                var end = pieces.At[piece + 1] < to ? pieces.At[piece + 1] : to;
                Sum(rows, piece, next, end, serviceId);
                from = end;
            }
            return Task.FromResult<IReadOnlyList<StatisticsRow>>(rows);
        }

        public ValueTask DisposeAsync()
        {
            transaction.Dispose();
            connection.Dispose();
            return ValueTask.CompletedTask;
        }

        static (DateTimeOffset From, DateTimeOffset To) Ends(TimeRange range) => (range.From ?? DateTimeOffset.MinValue, range.To ?? DateTimeOffset.MaxValue);

        DateTimeOffset? Instant(string sql, DateTimeOffset from, DateTimeOffset to)
        {
            using var command = connection.Statement(sql, accountId, from, to);
            return command.ExecuteScalar() is long microseconds ? SqliteValues.Instant(microseconds) : null;
        }

        void Sum(List<StatisticsRow> rows, int piece, DateTimeOffset from, DateTimeOffset to, int? serviceId)
        {
            using var command = connection.Statement(ReadSums, accountId, from, to, serviceId);
            using var reader = command.ExecuteReader();
            while (reader.Read())
                rows.Add(new StatisticsRow(reader.GetString(0), piece, new StatisticsSums(
                    reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), Wide(reader, 5), Wide(reader, 7), reader.GetInt64(9), Wide(reader, 10))));
        }

        static Int128 Wide(SqliteDataReader reader, int column) => ((Int128)reader.GetInt64(column) << HalfBits) + reader.GetInt64(column + 1);
    }
}
