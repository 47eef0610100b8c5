using Billing.Service.Charging;
using Npgsql;
using static Billing.Service.Ledger.Postgres.NpgsqlBatchExtensions;

namespace Billing.Service.Ledger.Postgres;

/// <summary>Writes roll-ups, after the records and entries of their batch. Increments: what is there was written under the same locks.</summary>
static class PostgresRollUps
{
    public static void Write(NpgsqlBatch batch, Decisions decisions)
    {
        if (RollUps.Begun(decisions) is { Length: > 0 } begun) Begin(batch, begun);
        if (RollUps.Added(decisions) is { Length: > 0 } added) Add(batch, added);
    }

    // Once in the life of an account. What is there already is of records that were retired.
    static void Begin(NpgsqlBatch batch, long[] accountIds) => batch.Add(
        """
        insert into usage_rollup as u (account_id, bucket, service_id, usages, units, free_units, cost_nanos, amount_nanos, reversed_usages, reversed_nanos)
        select r.account_id, date_bin('15 minutes', r.occurred_at, timestamptz '2000-01-01 00:00:00+00'), r.service_id,
            count(*), sum(r.quantity), sum(r.free_units), sum(r.cost_nanos), sum(r.amount_nanos),
            count(e.operation_id), coalesce(sum(r.amount_nanos) filter (where e.operation_id is not null), 0)
        from usage_record r left join ledger_entry e on e.operation_id = r.usage_id and e.kind = 3
        where r.account_id = any($1)
        group by 1, 2, 3
        on conflict (account_id, bucket, service_id) do update set
            usages = u.usages + excluded.usages, units = u.units + excluded.units, free_units = u.free_units + excluded.free_units,
            cost_nanos = u.cost_nanos + excluded.cost_nanos, amount_nanos = u.amount_nanos + excluded.amount_nanos,
            reversed_usages = u.reversed_usages + excluded.reversed_usages, reversed_nanos = u.reversed_nanos + excluded.reversed_nanos
        """,
        Parameter(accountIds));

    static void Add(NpgsqlBatch batch, RollUp[] rows) => batch.Add(
        """
        insert into usage_rollup as r (account_id, bucket, service_id, usages, units, free_units, cost_nanos, amount_nanos, reversed_usages, reversed_nanos)
        select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (account_id, bucket, service_id) do update set
            usages = r.usages + excluded.usages, units = r.units + excluded.units, free_units = r.free_units + excluded.free_units,
            cost_nanos = r.cost_nanos + excluded.cost_nanos, amount_nanos = r.amount_nanos + excluded.amount_nanos,
            reversed_usages = r.reversed_usages + excluded.reversed_usages, reversed_nanos = r.reversed_nanos + excluded.reversed_nanos
        """,
        Column(rows, row => row.Key.AccountId), Column(rows, row => row.Key.Bucket.UtcDateTime), Column(rows, row => row.Key.ServiceId),
        Column(rows, row => row.Sums.Usages), Column(rows, row => row.Sums.Units), Column(rows, row => row.Sums.FreeUnits),
        Column(rows, row => (decimal)row.Sums.CostNanos), Column(rows, row => (decimal)row.Sums.AmountNanos),
        Column(rows, row => row.Sums.ReversedUsages), Column(rows, row => (decimal)row.Sums.ReversedNanos));
}
