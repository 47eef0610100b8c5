namespace Billing.Service.Audit.Invariants;

/// <summary>A reversal gives back exactly what one record of the same account took.</summary>
static class Reversals
{
    public static Invariant For() => new()
    {
        Name = "reversals",
        Counted = "reversals",
        Count = "select count(*) from ledger_entry where kind = 3",
        Violations =
        [
            """
            select 'usage ' || operation_id || ': ' || problem from (
                select e.operation_id, case
                    when r.usage_id is null then 'reversed, but never charged'
                    when r.account_id <> e.account_id then 'charged to account ' || r.account_id || ', given back to ' || e.account_id
                    when r.amount_nanos <> e.amount_nanos then e.amount_nanos || ' nanos given back of ' || r.amount_nanos
                    when r.entry_number >= e.entry_number then 'given back before it was charged'
                    end as problem
                from ledger_entry e left join usage_record r on r.usage_id = e.operation_id
                where e.kind = 3) checked
            where problem is not null
            """,
        ],
    };
}
