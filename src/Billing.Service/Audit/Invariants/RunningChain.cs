using Billing.Service.Audit.Engines;

namespace Billing.Service.Audit.Invariants;

/// <summary>
/// An account's records and entries are numbered 1, 2, 3, ... without gap or repeat, each balance after follows from the one
/// before, and the last one is the account's: nothing was taken out, put in or changed afterwards.
/// </summary>
static class RunningChain
{
    public static Invariant For(IAuditEngine engine) => new()
    {
        Name = "running chain",
        Counted = "movements",
        Count = Movements.Count,
        Violations =
        [
            $"""
            with step as (
                select account_id, entry_number, moved, balance_after_nanos,
                    lag(entry_number) over by_number as number_before,
                    lag(balance_after_nanos) over by_number as balance_before,
                    lead(entry_number) over by_number as number_after
                from ({Movements.Sql}) movement
                window by_number as (partition by account_id order by entry_number))
            select 'user ' || coalesce(user_id, 'of account ' || account_id) || ', number ' || entry_number || ': ' || problem from (
                select s.account_id, a.user_id, s.entry_number, case
                    when s.entry_number <> coalesce(s.number_before, 0) + 1 then 'it follows number ' || coalesce(s.number_before, 0)
                    when not {engine.IsSum("s.balance_after_nanos", "coalesce(s.balance_before, 0)", "s.moved")}
                        then 'the balance after is ' || s.balance_after_nanos || ' nanos, ' || coalesce(s.balance_before, 0) || ' before and ' || s.moved || ' moved'
                    when s.number_after is null and s.entry_number is distinct from a.last_entry_number
                        then 'it is the last, the account says ' || coalesce(cast(a.last_entry_number as text), 'nothing')
                    when s.number_after is null and s.balance_after_nanos <> a.balance_nanos
                        then 'the balance after is ' || s.balance_after_nanos || ' nanos, the account has ' || a.balance_nanos
                    end as problem
                from step s left join account a on a.account_id = s.account_id) checked
            where problem is not null
            """,
            $"""
            select 'user ' || a.user_id || ': no movements, but ' || a.balance_nanos || ' nanos and last number ' || a.last_entry_number
            from account a left join (select distinct account_id from ({Movements.Sql}) movement) m on m.account_id = a.account_id
            where m.account_id is null and (a.balance_nanos <> 0 or a.last_entry_number <> 0)
            """,
        ],
    };
}
