using System.Numerics;
using Billing.Service.Charging;
using Billing.Service.Ledger.Postgres;
using Npgsql;
using static Billing.Service.Queries.Postgres.PostgresReads;

namespace Billing.Service.Queries.Postgres;

/// <summary>
/// Adds up in the database: roll-ups where the account has them and the range holds whole buckets, the records for the rest of it,
/// along the index by account and time. Three round trips, four when grouped by time.
/// </summary>
public sealed class PostgresStatisticsReader(NpgsqlDataSource dataSource) : IStatisticsReader
{
    public async Task<IStatisticsSnapshot?> Open(string userId, CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.Add("begin isolation level repeatable read read only");
            batch.Add("select account_id, last_entry_number, clock_timestamp(), exists (select from carried_forward c where c.account_id = a.account_id) from account a where user_id = $1", Parameter(userId));
            await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
            {
                if (await reader.ReadAsync(cancellationToken)) return new Snapshot(connection, reader.GetInt64(0), RangeParts.RolledUpOf(reader.GetInt64(1), hasRetired: reader.GetBoolean(3)), ReadInstant(reader, 2));
            }
            await Snapshot.End(connection);
            return null;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    sealed class Snapshot(NpgsqlConnection connection, long accountId, RolledUp rolledUp, DateTimeOffset asOf) : IStatisticsSnapshot
    {
        // Two walks of one step along the index.
        const string ReadExtent =
            """
            select (select occurred_at from usage_record where account_id = $1 and occurred_at >= $2 and occurred_at < $3 and day between $4 and $5 order by occurred_at limit 1),
                (select occurred_at from usage_record where account_id = $1 and occurred_at >= $2 and occurred_at < $3 and day between $4 and $5 order by occurred_at desc limit 1)
            """;

        // The orders are there for the index that each then takes: see PostgresConnections.ForReading. A sum of bigint is numeric.
        const string ReadSums =
            """
            select s.name, t.piece, t.usages, t.units, t.free_units, t.cost, t.amount, t.reversed, t.reversed_amount
            from (
                select r.service_id, width_bucket(r.occurred_at, $7) piece, count(*) usages, sum(r.quantity)::numeric units, sum(r.free_units)::numeric free_units,
                    sum(r.cost_nanos) cost, sum(r.amount_nanos) amount,
                    count(e.operation_id) reversed, coalesce(sum(r.amount_nanos) filter (where e.operation_id is not null), 0) reversed_amount
                from (
                    select usage_id, service_id, occurred_at, quantity, free_units, cost_nanos, amount_nanos from usage_record
                    where account_id = $1 and occurred_at >= $2 and occurred_at < $3 and day between $4 and $5 and ($6::integer is null or service_id = $6)
                    order by occurred_at) r
                left join (select operation_id from ledger_entry where account_id = $1 and kind = 3 order by entry_number) e on e.operation_id = r.usage_id
                group by r.service_id, piece) t
            join service s on s.service_id = t.service_id
            """;

        const string ReadRolledUpExtent =
            """
            select (select bucket from usage_rollup where account_id = $1 and bucket >= $2 and bucket < $3 order by bucket limit 1),
                (select bucket from usage_rollup where account_id = $1 and bucket >= $2 and bucket < $3 order by bucket desc limit 1)
            """;

        const string ReadRolledUpSums =
            """
            select s.name, t.piece, t.usages, t.units, t.free_units, t.cost, t.amount, t.reversed, t.reversed_amount
            from (
                select service_id, width_bucket(bucket, $5) piece, sum(usages)::bigint usages, sum(units) units, sum(free_units) free_units,
                    sum(cost_nanos) cost, sum(amount_nanos) amount, sum(reversed_usages)::bigint reversed, sum(reversed_nanos) reversed_amount
                from usage_rollup
                where account_id = $1 and bucket >= $2 and bucket < $3 and ($4::integer is null or service_id = $4)
                group by service_id, piece) t
            join service s on s.service_id = t.service_id
            """;

        public DateTimeOffset AsOf { get; } = asOf;

        public async Task<(DateTimeOffset First, DateTimeOffset Last)?> Extent(TimeRange range, CancellationToken cancellationToken)
        {
            var parts = RangeParts.Of(rolledUp, range, []);
            await using var batch = new NpgsqlBatch(connection);
            if (parts.Whole is { } whole) batch.Add(ReadRolledUpExtent, Parameter(accountId), From(whole), To(whole));
            foreach (var rest in parts.Rest)
            {
                var (firstDay, lastDay) = DaysOf(rest);
                batch.Add(ReadExtent, Parameter(accountId), From(rest), To(rest), Parameter(firstDay), Parameter(lastDay));
            }

            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            var found = new List<DateTimeOffset>();
            if (parts.Whole is not null && await Read() is var (first, last)) found.AddRange(first, RollUps.EndOf(last));
            foreach (var _ in parts.Rest)
            {
                if (await Read() is var (from, to)) found.AddRange(from, to);
            }
            return found.Count > 0 ? (found.Min(), found.Max()) : null;

            async Task<(DateTimeOffset, DateTimeOffset)?> Read()
            {
                await reader.ReadAsync(cancellationToken);
                (DateTimeOffset, DateTimeOffset)? extent = reader.IsDBNull(0) ? null : (ReadInstant(reader, 0), ReadInstant(reader, 1));
                await reader.NextResultAsync(cancellationToken);
                return extent;
            }
        }

        public async Task<IReadOnlyList<StatisticsRow>> Sum(TimeRange range, int? serviceId, IReadOnlyList<DateTimeOffset> cuts, CancellationToken cancellationToken)
        {
            var parts = RangeParts.Of(rolledUp, range, cuts);
            var pieces = cuts.Select(cut => cut.UtcDateTime).ToArray();
            await using var batch = new NpgsqlBatch(connection);
            if (parts.Whole is { } whole) batch.Add(ReadRolledUpSums, Parameter(accountId), From(whole), To(whole), Optional(serviceId), Parameter(pieces));
            // Reversals are few and records many: hashed once, not looked up for each record.
            batch.Add("set local enable_hashjoin = on");
            batch.Add("set local enable_nestloop = off");
            foreach (var rest in parts.Rest)
            {
                var (firstDay, lastDay) = DaysOf(rest);
                batch.Add(ReadSums, Parameter(accountId), From(rest), To(rest), Parameter(firstDay), Parameter(lastDay), Optional(serviceId), Parameter(pieces));
            }

            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            var rows = new List<StatisticsRow>();
            do
            {
                while (await reader.ReadAsync(cancellationToken)) rows.Add(Row(reader, cuts.Count > 0 ? reader.GetInt32(1) - 1 : 0));
            }
            while (await reader.NextResultAsync(cancellationToken));
            return rows;
        }

        public async ValueTask DisposeAsync() => await End(connection);

        /// <summary>The connection goes back without its transaction. A connection that is broken has none, and is not reused.</summary>
        public static async Task End(NpgsqlConnection connection)
        {
            await using (connection)
            {
                if (connection.FullState != System.Data.ConnectionState.Open) return;
                await using var rollback = new NpgsqlCommand("rollback", connection);
                await rollback.ExecuteNonQueryAsync();
            }
        }

        static StatisticsRow Row(NpgsqlDataReader reader, int piece) => new(reader.GetString(0), piece, new StatisticsSums(
            reader.GetInt64(2), Wide(reader, 3), Wide(reader, 4), Wide(reader, 5), Wide(reader, 6), reader.GetInt64(7), Wide(reader, 8)));

        static Int128 Wide(NpgsqlDataReader reader, int column) => (Int128)reader.GetFieldValue<BigInteger>(column);
    }
}
