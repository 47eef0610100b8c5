using Billing.Service.Charging;
using Billing.Service.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace Billing.Service.Queries.Sqlite;

/// <summary>
/// Adds up in the file: roll-ups where the account has them and the range holds whole buckets; the records for the rest of it, piece
/// by piece along the index by account and time, and what is empty is stepped over.
/// </summary>
public sealed class SqliteStatisticsReader(SqliteDatabase database, TimeProvider time) : IStatisticsReader
{
    public Task<IStatisticsSnapshot?> Open(string userId, CancellationToken cancellationToken)
    {
        var connection = database.Open();
        SqliteTransaction? transaction = null;
        try
        {
            transaction = connection.BeginTransaction(deferred: true);
            if (FindAccount(connection, userId) is var (accountId, rolledUp))
                return Task.FromResult<IStatisticsSnapshot?>(new Snapshot(connection, transaction, accountId, rolledUp, time.GetUtcNow()));
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

    static (long AccountId, RolledUp RolledUp)? FindAccount(SqliteConnection connection, string userId)
    {
        using var command = connection.Statement(
            "select account_id, last_entry_number, exists (select 1 from carried_forward c where c.account_id = a.account_id) from account a where user_id = $1", userId);
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), RangeParts.RolledUpOf(reader.GetInt64(1), hasRetired: reader.GetBoolean(2))) : null;
    }

    sealed class Snapshot(SqliteConnection connection, SqliteTransaction transaction, long accountId, RolledUp rolledUp, DateTimeOffset asOf) : IStatisticsSnapshot
    {
        const int HalfBits = 32;

        const string ReadFirstBucket = "select min(bucket) from usage_rollup where account_id = $1 and bucket >= $2 and bucket < $3";
        const string ReadLastBucket = "select max(bucket) from usage_rollup where account_id = $1 and bucket >= $2 and bucket < $3";

        const string ReadRolledUp =
            """
            select s.name, u.bucket, u.usages, u.units, u.free_units, u.cost_nanos_high, u.cost_nanos_low, u.amount_nanos_high, u.amount_nanos_low,
                u.reversed_usages, u.reversed_nanos_high, u.reversed_nanos_low
            from usage_rollup u join service s on s.service_id = u.service_id
            where u.account_id = $1 and u.bucket >= $2 and u.bucket < $3 and ($4 is null or u.service_id = $4)
            """;

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
            var parts = RangeParts.Of(rolledUp, range, []);
            var found = new List<DateTimeOffset>();
            if (parts.Whole is { } whole && Ends(whole) is var (begin, end)
                && Instant(ReadFirstBucket, begin, end) is { } firstBucket && Instant(ReadLastBucket, begin, end) is { } lastBucket)
                found.AddRange(firstBucket, RollUps.EndOf(lastBucket));
            foreach (var rest in parts.Rest)
            {
                var (from, to) = Ends(rest);
                if (Instant(ReadFirst, from, to) is { } first && Instant(ReadLast, from, to) is { } last) found.AddRange(first, last);
            }
            return Task.FromResult<(DateTimeOffset, DateTimeOffset)?>(found.Count > 0 ? (found.Min(), found.Max()) : null);
        }

        public Task<IReadOnlyList<StatisticsRow>> Sum(TimeRange range, int? serviceId, IReadOnlyList<DateTimeOffset> cuts, CancellationToken cancellationToken)
        {
            var parts = RangeParts.Of(rolledUp, range, cuts);
            var pieces = cuts.Count > 0 ? new Cuts([.. cuts]) : null;
            var rows = new List<StatisticsRow>();
            if (parts.Whole is { } whole) rows.AddRange(SumRolledUp(whole, serviceId, pieces));
            foreach (var rest in parts.Rest) SumRecords(rows, rest, serviceId, pieces, cancellationToken);
            return Task.FromResult<IReadOnlyList<StatisticsRow>>(rows);
        }

        public ValueTask DisposeAsync()
        {
            transaction.Dispose();
            connection.Dispose();
            return ValueTask.CompletedTask;
        }

        static (DateTimeOffset From, DateTimeOffset To) Ends(TimeRange range) => (range.From ?? DateTimeOffset.MinValue, range.To ?? DateTimeOffset.MaxValue);

        IEnumerable<StatisticsRow> SumRolledUp(TimeRange range, int? serviceId, Cuts? pieces)
        {
            var (from, to) = Ends(range);
            var sums = new Dictionary<(string Service, int Piece), StatisticsSums>();
            using var command = connection.Statement(ReadRolledUp, accountId, from, to, serviceId);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var key = (reader.GetString(0), pieces?.PieceOf(reader.GetInstant(1)) ?? 0);
                sums[key] = sums.GetValueOrDefault(key) + Sums(reader, 2);
            }
            return sums.Select(sum => new StatisticsRow(sum.Key.Service, sum.Key.Piece, sum.Value));
        }

        void SumRecords(List<StatisticsRow> rows, TimeRange range, int? serviceId, Cuts? pieces, CancellationToken cancellationToken)
        {
            var (from, to) = Ends(range);
            if (pieces is null)
            {
                Sum(rows, 0, from, to, serviceId);
                return;
            }

            while (from < to && Instant(ReadFirst, from, to) is { } next)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var piece = pieces.PieceOf(next);
                var end = pieces.At[piece + 1] < to ? pieces.At[piece + 1] : to;
                Sum(rows, piece, next, end, serviceId);
                from = end;
            }
        }

        DateTimeOffset? Instant(string sql, DateTimeOffset from, DateTimeOffset to)
        {
            using var command = connection.Statement(sql, accountId, from, to);
            return command.ExecuteScalar() is long microseconds ? SqliteValues.Instant(microseconds) : null;
        }

        void Sum(List<StatisticsRow> rows, int piece, DateTimeOffset from, DateTimeOffset to, int? serviceId)
        {
            using var command = connection.Statement(ReadSums, accountId, from, to, serviceId);
            using var reader = command.ExecuteReader();
            while (reader.Read()) rows.Add(new StatisticsRow(reader.GetString(0), piece, Sums(reader, 2)));
        }

        static StatisticsSums Sums(SqliteDataReader reader, int column) => new(
            reader.GetInt64(column), reader.GetInt64(column + 1), reader.GetInt64(column + 2), Wide(reader, column + 3), Wide(reader, column + 5),
            reader.GetInt64(column + 7), Wide(reader, column + 8));

        static Int128 Wide(SqliteDataReader reader, int column) => ((Int128)reader.GetInt64(column) << HalfBits) + reader.GetInt64(column + 1);
    }
}
