using Billing.Service.Audit.Engines;

namespace Billing.Service.Audit.Invariants;

/// <summary>
/// The roll-ups of an account are the sums of its records, for each service and quarter of an hour; an account has them when its
/// running number is past 1,000. They outlive records that were dropped with their day: where an account's numbers have gaps, which
/// "running chain" shows, a roll-up may count more usages than there are records, but all of them no more than have a number.
/// </summary>
static class RollUps
{
    const string WithinNumbers =
        """
        select 'user ' || a.user_id || ': its roll-ups count ' || u.usages || ' usages, its entries are ' || coalesce(e.entries, 0)
            || ', and its last number is ' || a.last_entry_number
        from account a
        join (select account_id, sum(usages) as usages from usage_rollup group by account_id) u on u.account_id = a.account_id
        left join (select account_id, count(*) as entries from ledger_entry group by account_id) e on e.account_id = a.account_id
        where u.usages + coalesce(e.entries, 0) > a.last_entry_number
        """;

    public static Invariant For(IAuditEngine engine) => new()
    {
        Name = "roll-ups",
        Counted = "roll-ups",
        Count = "select count(*) from usage_rollup",
        Violations = [AsRecorded(engine), WithinNumbers],
    };

    static string AsRecorded(IAuditEngine engine) =>
        $"""
        with scanned as (
            select r.account_id, r.service_id, {engine.QuarterOf("r.occurred_at")} as bucket, count(*) as usages,
                {engine.Sum("r.quantity")} as units, {engine.Sum("r.free_units")} as free_units, {engine.Sum("r.cost_nanos")} as cost, {engine.Sum("r.amount_nanos")} as amount,
                count(e.operation_id) as reversed_usages, {engine.Sum("case when e.operation_id is null then 0 else r.amount_nanos end")} as reversed
            from account a
            join usage_record r on r.account_id = a.account_id
            left join ledger_entry e on e.operation_id = r.usage_id and e.kind = 3
            where a.last_entry_number > 1000
            group by r.account_id, r.service_id, {engine.QuarterOf("r.occurred_at")}),
        numbered as (
            select account_id, count(*) as numbers from (
                select account_id from usage_record union all select account_id from ledger_entry) movement
            group by account_id),
        rolled_up as (
            select account_id, service_id, bucket, usages, cast(units as text) as units, cast(free_units as text) as free_units,
                {engine.Wide("cost_nanos")} as cost, {engine.Wide("amount_nanos")} as amount, reversed_usages, {engine.Wide("reversed_nanos")} as reversed
            from usage_rollup)
        select 'user ' || coalesce(a.user_id, 'of account ' || coalesce(u.account_id, s.account_id)) || ', service ' || coalesce(u.service_id, s.service_id)
            || ', ' || coalesce(u.bucket, s.bucket) || ': the roll-up says '
            || coalesce(u.usages || ' usages, ' || u.units || ' units, ' || u.free_units || ' free, ' || u.cost || ' nanos cost, ' || u.amount || ' paid, '
                || u.reversed_usages || ' reversed, ' || u.reversed || ' given back', 'nothing')
            || '; the records say '
            || coalesce(s.usages || ' usages, ' || s.units || ' units, ' || s.free_units || ' free, ' || s.cost || ' nanos cost, ' || s.amount || ' paid, '
                || s.reversed_usages || ' reversed, ' || s.reversed || ' given back', 'nothing')
        from rolled_up u
        full join scanned s on s.account_id = u.account_id and s.service_id = u.service_id and s.bucket = u.bucket
        left join account a on a.account_id = coalesce(u.account_id, s.account_id)
        left join numbered n on n.account_id = a.account_id
        where (u.usages is distinct from s.usages or u.units is distinct from s.units or u.free_units is distinct from s.free_units
                or u.cost is distinct from s.cost or u.amount is distinct from s.amount
                or u.reversed_usages is distinct from s.reversed_usages or u.reversed is distinct from s.reversed)
            and not (a.last_entry_number > 1000 and coalesce(n.numbers, 0) < a.last_entry_number and u.usages is not null and u.usages > coalesce(s.usages, 0))
        """;
}
