using Billing.Service.Audit.Engines;

namespace Billing.Service.Audit.Invariants;

/// <summary>
/// A reversal gives back exactly what one record of the same account took. Reversals whose records are gone are as many as were carried
/// forward, and give back as much.
/// </summary>
static class Reversals
{
    public static Invariant For(IAuditEngine engine) => new()
    {
        Name = "reversals",
        Counted = "reversals",
        Count = "select count(*) from ledger_entry where kind = 3",
        Violations =
        [
            """
            select 'usage ' || operation_id || ': ' || problem from (
                select e.operation_id, case
                    when r.usage_id is null and c.account_id is null then 'reversed, but never charged'
                    when r.account_id <> e.account_id then 'charged to account ' || r.account_id || ', given back to ' || e.account_id
                    when r.amount_nanos <> e.amount_nanos then e.amount_nanos || ' nanos given back of ' || r.amount_nanos
                    when r.entry_number >= e.entry_number then 'given back before it was charged'
                    end as problem
                from ledger_entry e
                left join usage_record r on r.usage_id = e.operation_id
                left join carried_forward c on c.account_id = e.account_id
                where e.kind = 3) checked
            where problem is not null
            """,
            OfRetired(engine),
        ],
    };

    static string OfRetired(IAuditEngine engine) =>
        $"""
        with lone as (
            select e.account_id, count(*) as reversals, {engine.Sum("e.amount_nanos")} as nanos
            from ledger_entry e left join usage_record r on r.usage_id = e.operation_id
            where e.kind = 3 and r.usage_id is null group by e.account_id)
        select 'user ' || coalesce(a.user_id, 'of account ' || c.account_id) || ': ' || coalesce(l.reversals, 0) || ' reversals without a record gave back ' || coalesce(l.nanos, '0')
            || ' nanos, carried forward are ' || c.reversed_records || ' and ' || c.reversed_nanos
        from carried_forward c
        left join lone l on l.account_id = c.account_id
        left join account a on a.account_id = c.account_id
        where coalesce(l.reversals, 0) <> c.reversed_records or coalesce(l.nanos, '0') <> cast(c.reversed_nanos as text)
        """;
}
