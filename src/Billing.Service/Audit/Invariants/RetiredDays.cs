namespace Billing.Service.Audit.Invariants;

/// <summary>What the days say that was retired of them is what the accounts carry forward, and a day that is folded has no record left.</summary>
static class RetiredDays
{
    public static Invariant For() => new()
    {
        Name = "retired days",
        Counted = "days",
        Count = "select count(*) from retired_day",
        Violations =
        [
            """
            select 'retired days: ' || days.records || ' records, the accounts carry ' || accounts.records || ' forward'
            from (select coalesce(sum(records), 0) as records from retired_day) days cross join (select coalesce(sum(records), 0) as records from carried_forward) accounts
            where days.records <> accounts.records
            """,
            """
            select 'usage ' || r.usage_id || ': its record lies in ' || r.day || ', of which none is left since ' || d.folded_at
            from usage_record r join retired_day d on d.day = r.day where d.folded_at is not null
            """,
        ],
    };
}
