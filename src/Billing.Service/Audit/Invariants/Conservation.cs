using Billing.Service.Audit.Engines;

namespace Billing.Service.Audit.Invariants;

/// <summary>Money is conserved: every balance is the sum of its ledger entries less what its records took and what is carried forward of records that are gone.</summary>
static class Conservation
{
    public static Invariant For(IAuditEngine engine) => new()
    {
        Name = "conservation",
        Counted = "accounts",
        Count = "select count(*) from account",
        Violations =
        [
            $"""
            with total as (select account_id, {engine.Sum("moved")} as moved from (
                select account_id, moved from ({Movements.Sql}) movement
                union all select account_id, -amount_nanos from carried_forward) movement group by account_id)
            select problem from (
                select case
                    when a.account_id is null then 'account ' || t.account_id || ': it has records or entries but does not exist'
                    when cast(a.balance_nanos as text) <> coalesce(t.moved, '0')
                        then 'user ' || a.user_id || ': the balance is ' || a.balance_nanos || ' nanos, entries less records and what is carried forward are ' || coalesce(t.moved, '0')
                    end as problem
                from account a full join total t on t.account_id = a.account_id) checked
            where problem is not null
            """,
        ],
    };
}
