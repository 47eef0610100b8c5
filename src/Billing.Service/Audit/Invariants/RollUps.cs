using Billing.Service.Audit.Engines;

namespace Billing.Service.Audit.Invariants;

/// <summary>
/// The roll-ups of an account are the sums of its records, for each service and quarter of an hour; an account has them when its
/// running number is past 1,000. Those of retired records are in roll-ups in any account: less the records, roll-ups are what is carried
/// forward, and none counts more than there are records after the last that was retired.
/// </summary>
static class RollUps
{
    public static Invariant For(IAuditEngine engine) => new()
    {
        Name = "roll-ups",
        Counted = "roll-ups",
        Count = "select count(*) from usage_rollup",
        Violations = [AsRecorded(engine), AsCarriedForward(engine)],
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
        left join carried_forward c on c.account_id = a.account_id
        where (u.usages is distinct from s.usages or u.units is distinct from s.units or u.free_units is distinct from s.free_units
                or u.cost is distinct from s.cost or u.amount is distinct from s.amount
                or u.reversed_usages is distinct from s.reversed_usages or u.reversed is distinct from s.reversed)
            and not (c.account_id is not null and u.usages is not null and u.usages > coalesce(s.usages, 0) and u.bucket <= {engine.QuarterOf("c.last_occurred_at")})
        """;

    // Sums of either side, as text: they may need more than 64 bits.
    static string AsCarriedForward(IAuditEngine engine) =>
        $"""
        with expected_part as (
            select r.account_id, 1 as usages, r.quantity as units, r.free_units, r.cost_nanos, r.amount_nanos,
                case when e.operation_id is null then 0 else 1 end as reversed_usages, case when e.operation_id is null then 0 else r.amount_nanos end as reversed_nanos
            from account a
            join carried_forward c on c.account_id = a.account_id
            join usage_record r on r.account_id = a.account_id
            left join ledger_entry e on e.operation_id = r.usage_id and e.kind = 3
            where a.last_entry_number > 1000
            union all
            select account_id, records, units, free_units, cost_nanos, amount_nanos, reversed_records, reversed_nanos from carried_forward),
        expected as (
            select account_id, {engine.Sum("usages")} || ' usages, ' || {engine.Sum("units")} || ' units, ' || {engine.Sum("free_units")} || ' free, '
                || {engine.Sum("cost_nanos")} || ' nanos cost, ' || {engine.Sum("amount_nanos")} || ' paid, '
                || {engine.Sum("reversed_usages")} || ' reversed, ' || {engine.Sum("reversed_nanos")} || ' given back' as sums
            from expected_part group by account_id),
        actual as (
            select u.account_id, {engine.Sum("u.usages")} || ' usages, ' || {engine.Sum("u.units")} || ' units, ' || {engine.Sum("u.free_units")} || ' free, '
                || {engine.SumOfWide("u.cost_nanos")} || ' nanos cost, ' || {engine.SumOfWide("u.amount_nanos")} || ' paid, '
                || {engine.Sum("u.reversed_usages")} || ' reversed, ' || {engine.SumOfWide("u.reversed_nanos")} || ' given back' as sums
            from usage_rollup u join carried_forward c on c.account_id = u.account_id group by u.account_id)
        select 'user ' || coalesce(a.user_id, 'of account ' || e.account_id) || ': its roll-ups say ' || coalesce(u.sums, 'nothing') || '; carried forward and in records that they count are ' || e.sums
        from expected e
        left join actual u on u.account_id = e.account_id
        left join account a on a.account_id = e.account_id
        where u.sums is distinct from e.sums
        """;
}
