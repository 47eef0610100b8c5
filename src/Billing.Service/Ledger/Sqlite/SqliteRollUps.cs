using Billing.Service.Charging;
using Microsoft.Data.Sqlite;

namespace Billing.Service.Ledger.Sqlite;

/// <summary>
/// Writes roll-ups, after the records and entries of their batch. SQLite adds in 64 bits: of money the upper and the lower 32 bits
/// are added up each for itself, and neither sum gets there in a file that fits on a disk.
/// </summary>
static class SqliteRollUps
{
    const int HalfBits = 32;

    public static void Write(SqliteConnection connection, Decisions decisions)
    {
        // Once in the life of an account. What is there already is of records that were retired.
        connection.ForEach(
            """
            insert into usage_rollup as u (account_id, bucket, service_id, usages, units, free_units, cost_nanos_high, cost_nanos_low, amount_nanos_high, amount_nanos_low,
                reversed_usages, reversed_nanos_high, reversed_nanos_low)
            select r.account_id, r.occurred_at - r.occurred_at % 900000000, r.service_id, count(*), sum(r.quantity), sum(r.free_units),
                sum(r.cost_nanos >> 32), sum(r.cost_nanos & 0xffffffff), sum(r.amount_nanos >> 32), sum(r.amount_nanos & 0xffffffff),
                count(e.operation_id), sum(iif(e.operation_id is null, 0, r.amount_nanos >> 32)), sum(iif(e.operation_id is null, 0, r.amount_nanos & 0xffffffff))
            from usage_record r left join ledger_entry e on e.operation_id = r.usage_id and e.kind = 3
            where r.account_id = $1
            group by 1, 2, 3
            on conflict (account_id, bucket, service_id) do update set
                usages = u.usages + excluded.usages, units = u.units + excluded.units, free_units = u.free_units + excluded.free_units,
                cost_nanos_high = u.cost_nanos_high + excluded.cost_nanos_high, cost_nanos_low = u.cost_nanos_low + excluded.cost_nanos_low,
                amount_nanos_high = u.amount_nanos_high + excluded.amount_nanos_high, amount_nanos_low = u.amount_nanos_low + excluded.amount_nanos_low,
                reversed_usages = u.reversed_usages + excluded.reversed_usages,
                reversed_nanos_high = u.reversed_nanos_high + excluded.reversed_nanos_high, reversed_nanos_low = u.reversed_nanos_low + excluded.reversed_nanos_low
            """,
            RollUps.Begun(decisions),
            accountId => [accountId]);

        connection.ForEach(
            """
            insert into usage_rollup as r (account_id, bucket, service_id, usages, units, free_units, cost_nanos_high, cost_nanos_low, amount_nanos_high, amount_nanos_low,
                reversed_usages, reversed_nanos_high, reversed_nanos_low)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            on conflict (account_id, bucket, service_id) do update set
                usages = r.usages + excluded.usages, units = r.units + excluded.units, free_units = r.free_units + excluded.free_units,
                cost_nanos_high = r.cost_nanos_high + excluded.cost_nanos_high, cost_nanos_low = r.cost_nanos_low + excluded.cost_nanos_low,
                amount_nanos_high = r.amount_nanos_high + excluded.amount_nanos_high, amount_nanos_low = r.amount_nanos_low + excluded.amount_nanos_low,
                reversed_usages = r.reversed_usages + excluded.reversed_usages,
                reversed_nanos_high = r.reversed_nanos_high + excluded.reversed_nanos_high, reversed_nanos_low = r.reversed_nanos_low + excluded.reversed_nanos_low
            """,
            RollUps.Added(decisions),
            row => [row.Key.AccountId, row.Key.Bucket, row.Key.ServiceId, row.Sums.Usages, row.Sums.Units, row.Sums.FreeUnits,
                High(row.Sums.CostNanos), Low(row.Sums.CostNanos), High(row.Sums.AmountNanos), Low(row.Sums.AmountNanos),
                row.Sums.ReversedUsages, High(row.Sums.ReversedNanos), Low(row.Sums.ReversedNanos)]);
    }

    static long High(Int128 nanos) => (long)(nanos >> HalfBits);

    static long Low(Int128 nanos) => (long)(nanos & uint.MaxValue);
}
