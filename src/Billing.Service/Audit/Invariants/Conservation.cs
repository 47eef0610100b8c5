using Billing.Service.Audit.Engines;

namespace Billing.Service.Audit.Invariants;

/// <summary>Money is conserved: every balance is the sum of its ledger entries less the sum of its records' amounts.</summary>
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
            with total as (select account_id, {engine.Sum("moved")} as moved from ({Movements.Sql}) movement group by account_id)
            select problem from (
                select case
                    when a.account_id is null then 'account ' || t.account_id || ': it has records or entries but does not exist'
                    when cast(a.balance_nanos as text) <> coalesce(t.moved, '0')
                        then 'user ' || a.user_id || ': the balance is ' || a.balance_nanos || ' nanos, entries less records are ' || coalesce(t.moved, '0')
                    end as problem
                from account a full join total t on t.account_id = a.account_id) checked
            where problem is not null
            """,
        ],
    };
}
