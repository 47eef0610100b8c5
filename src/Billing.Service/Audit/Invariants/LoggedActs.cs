namespace Billing.Service.Audit.Invariants;

/// <summary>What a person moved is in the log of acts with the same person and reason, and what the log says of money is in the ledger.</summary>
static class LoggedActs
{
    public static Invariant For() => new()
    {
        Name = "logged acts",
        Counted = "acts",
        Count = "select count(*) from operator_act",
        Violations =
        [
            """
            select 'operation ' || operation_id || ', kind ' || kind || ': ' || problem from (
                select e.operation_id, e.kind, case
                    when o.act_id is null then 'not in the log of acts'
                    when o.account_id is null or o.account_id <> e.account_id then 'the log names another account'
                    when o.actor <> coalesce(e.actor, '') then 'the log names ' || o.actor
                    when o.reason <> coalesce(e.reason, '') then 'the log gives another reason'
                    end as problem
                from ledger_entry e
                left join operator_act o on o.operation_id = e.operation_id and o.kind = case e.kind when 3 then 'reverse_usage' else 'adjust_balance' end
                where e.kind in (3, 4)) checked
            where problem is not null
            """,
            """
            select 'act ' || o.act_id || ', ' || o.kind || ' ' || o.operation_id || ': in the log, but not in the ledger'
            from operator_act o
            left join ledger_entry e on e.operation_id = o.operation_id and e.kind = case o.kind when 'reverse_usage' then 3 else 4 end
            where o.kind in ('reverse_usage', 'adjust_balance') and e.operation_id is null
            """,
        ],
    };
}
