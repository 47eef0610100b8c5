using Billing.Service.Charging;
using Billing.Service.Hosting;
using Microsoft.Data.Sqlite;
using static Billing.Service.Ledger.Sqlite.SqliteValues;

namespace Billing.Service.Ledger.Sqlite;

/// <summary>Retires rows: there are no partitions. Account by account, along the index by account and time.</summary>
public sealed class SqliteRetirement(SqliteDatabase database, TimeProvider time) : IRecordRetirement
{
    /// <summary>Who charges waits for the one write lock until these are done: some tens of milliseconds.</summary>
    const int RecordsAtOnceMax = 1_000;

    // A usage id may carry a time as long before its usage as a charge may come late: no record of those days occurred later.
    static readonly TimeSpan LateMax = UsageAge.Max + UsageAge.AheadMax + TimeSpan.FromDays(1);

    const string Choose =
        """
        select r.usage_id, r.account_id from account a cross join usage_record r on r.account_id = a.account_id
        where a.account_id >= $1 and r.occurred_at < $2 and r.day < $3
        order by a.account_id limit $4
        """;

    const string Chosen = "usage_record r left join ledger_entry e on e.operation_id = r.usage_id and e.kind = 3 where r.usage_id in (select value from json_each($1))";

    // An account with more than 1,000 movements has them in its roll-ups already.
    const string RollUp =
        $"""
        insert into usage_rollup as u (account_id, bucket, service_id, usages, units, free_units, cost_nanos_high, cost_nanos_low, amount_nanos_high, amount_nanos_low,
            reversed_usages, reversed_nanos_high, reversed_nanos_low)
        select r.account_id, r.occurred_at - r.occurred_at % 900000000, r.service_id, count(*), sum(r.quantity), sum(r.free_units),
            sum(r.cost_nanos >> 32), sum(r.cost_nanos & 0xffffffff), sum(r.amount_nanos >> 32), sum(r.amount_nanos & 0xffffffff),
            count(e.operation_id), sum(iif(e.operation_id is null, 0, r.amount_nanos >> 32)), sum(iif(e.operation_id is null, 0, r.amount_nanos & 0xffffffff))
        from {Chosen} and (select last_entry_number from account a where a.account_id = r.account_id) <= 1000
        group by 1, 2, 3
        on conflict (account_id, bucket, service_id) do update set
            usages = u.usages + excluded.usages, units = u.units + excluded.units, free_units = u.free_units + excluded.free_units,
            cost_nanos_high = u.cost_nanos_high + excluded.cost_nanos_high, cost_nanos_low = u.cost_nanos_low + excluded.cost_nanos_low,
            amount_nanos_high = u.amount_nanos_high + excluded.amount_nanos_high, amount_nanos_low = u.amount_nanos_low + excluded.amount_nanos_low,
            reversed_usages = u.reversed_usages + excluded.reversed_usages,
            reversed_nanos_high = u.reversed_nanos_high + excluded.reversed_nanos_high, reversed_nanos_low = u.reversed_nanos_low + excluded.reversed_nanos_low
        """;

    const string NoteFreeUnits =
        $"""
        update free_quota as q set retired_units = q.retired_units + s.kept, retired_given_back = q.retired_given_back + s.given_back
        from (
            select r.account_id, r.service_id, r.quota_month,
                sum(iif(e.operation_id is null, r.free_units, 0)) as kept, sum(iif(e.operation_id is null, 0, r.free_units)) as given_back
            from {Chosen} and r.free_units > 0 group by 1, 2, 3) s
        where q.account_id = s.account_id and q.service_id = s.service_id and q.month = s.quota_month
        """;

    // A sum past 64 bits is an error on either line: nothing is retired then.
    const string CarryForward =
        $"""
        insert into carried_forward as c (account_id, records, units, free_units, cost_nanos, amount_nanos, reversed_records, reversed_nanos, last_occurred_at)
        select r.account_id, count(*), sum(r.quantity), sum(r.free_units), sum(r.cost_nanos), sum(r.amount_nanos),
            count(e.operation_id), sum(iif(e.operation_id is null, 0, r.amount_nanos)), max(r.occurred_at)
        from {Chosen} group by 1
        on conflict (account_id) do update set
            records = c.records + excluded.records, units = c.units + excluded.units, free_units = c.free_units + excluded.free_units,
            cost_nanos = c.cost_nanos + excluded.cost_nanos, amount_nanos = c.amount_nanos + excluded.amount_nanos,
            reversed_records = c.reversed_records + excluded.reversed_records, reversed_nanos = c.reversed_nanos + excluded.reversed_nanos,
            last_occurred_at = max(c.last_occurred_at, excluded.last_occurred_at)
        """;

    const string OfAccounts = "account_id in (select account_id from usage_record where usage_id in (select value from json_each($1)))";

    // Each number is a run, and joins those right before and behind it: the first of them takes all, and the others go.
    const string AddRuns = $"insert into carried_run (account_id, first_number, last_number, amount_nanos) select r.account_id, r.entry_number, r.entry_number, r.amount_nanos from {Chosen}";

    const string JoinRuns =
        $"""
        with beginning as (
            select *, first_number is distinct from lag(last_number) over (partition by account_id order by first_number) + 1 as begins from carried_run where {OfAccounts}),
        island as (select *, sum(begins) over (partition by account_id order by first_number) as number from beginning)
        update carried_run as c set last_number = i.last_number, amount_nanos = i.amount_nanos
        from (
            select account_id, min(first_number) as first_number, max(last_number) as last_number, sum(amount_nanos) as amount_nanos
            from island group by account_id, number having count(*) > 1) i
        where c.account_id = i.account_id and c.first_number = i.first_number
        """;

    const string DropJoined =
        $"""
        delete from carried_run where (account_id, first_number) in (
            select account_id, first_number from (
                select account_id, first_number, max(last_number) over (partition by account_id order by first_number rows between unbounded preceding and 1 preceding) as covered
                from carried_run where {OfAccounts})
            where covered >= first_number)
        """;

    const string CountDays =
        $"insert into retired_day as d (day, records) select r.day, count(*) from {Chosen} group by 1 on conflict (day) do update set records = d.records + excluded.records";

    const string Delete = "delete from usage_record where usage_id in (select value from json_each($1))";

    public async Task<RetiredRecords> Retire(DateOnly before, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        var (total, account) = (0L, long.MinValue);
        while (await FoldSome(connection, before, account, cancellationToken) is var (records, last))
        {
            total += records;
            account = last;
        }
        await MarkFolded(connection, before, cancellationToken);
        return new RetiredRecords(total, DroppedDays: 0);
    }

    /// <returns>How many records were carried forward, and the account whose records may go on; null when none was left.</returns>
    async Task<(long Records, long Account)?> FoldSome(SqliteConnection connection, DateOnly before, long fromAccount, CancellationToken cancellationToken)
    {
        using var turn = await database.Gate.WaitAsync(cancellationToken);
        using var transaction = connection.BeginTransaction(deferred: false);
        var (ids, last) = Read(connection, before, fromAccount);
        if (ids.Count == 0) return null;

        var chosen = List(ids);
        foreach (var sql in (string[])[RollUp, NoteFreeUnits, CarryForward, AddRuns, JoinRuns, DropJoined, CountDays, Delete]) Execute(connection, sql, chosen);
        // Dying up to here leaves everything as it was.
        FailPoint.Reach(FailPoint.BeforeRecordsFold);
        transaction.Commit();
        // Dying from here on leaves a part of a day carried forward and the rest in records, and both count.
        FailPoint.Reach(FailPoint.AfterRecordsFold);
        return (ids.Count, last);
    }

    static (List<string> Ids, long LastAccount) Read(SqliteConnection connection, DateOnly before, long fromAccount)
    {
        var end = new DateTimeOffset(before, TimeOnly.MinValue, TimeSpan.Zero) + LateMax;
        using var choose = connection.Statement(Choose, fromAccount, end, before, RecordsAtOnceMax);
        using var reader = choose.ExecuteReader();
        var (ids, last) = (new List<string>(RecordsAtOnceMax), fromAccount);
        while (reader.Read())
        {
            ids.Add(reader.GetString(0));
            last = reader.GetInt64(1);
        }
        return (ids, last);
    }

    async Task MarkFolded(SqliteConnection connection, DateOnly before, CancellationToken cancellationToken)
    {
        using var turn = await database.Gate.WaitAsync(cancellationToken);
        Execute(connection, "update retired_day set folded_at = $1 where folded_at is null and day < $2", time.GetUtcNow(), before);
    }

    static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<object?> parameters)
    {
        using var command = connection.Statement(sql, parameters);
        command.ExecuteNonQuery();
    }
}
