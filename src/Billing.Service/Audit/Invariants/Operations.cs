namespace Billing.Service.Audit.Invariants;

/// <summary>Each operation is in the ledger once, and what a person did names the person and the reason.</summary>
static class Operations
{
    public static Invariant For() => new()
    {
        Name = "operations",
        Counted = "entries",
        Count = "select count(*) from ledger_entry",
        Violations =
        [
            "select 'operation ' || operation_id || ', kind ' || kind || ': ' || count(*) || ' entries' from ledger_entry group by operation_id, kind having count(*) > 1",
            """
            select 'operation ' || operation_id || ', kind ' || kind || ': ' || problem from (
                select operation_id, kind, case
                    when kind not in (1, 2, 3, 4) then 'no such kind'
                    when kind in (3, 4) and trim(coalesce(actor, '')) = '' then 'nobody is named who did it'
                    when kind in (3, 4) and trim(coalesce(reason, '')) = '' then 'no reason is given'
                    end as problem
                from ledger_entry) checked
            where problem is not null
            """,
        ],
    };
}
