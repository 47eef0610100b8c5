using Billing.Service.Audit.Engines;

namespace Billing.Service.Audit.Invariants;

/// <summary>
/// An account's records and entries are numbered 1, 2, 3, ... without gap or repeat, each balance after follows from the one
/// before, and the last one is the account's: nothing was taken out, put in or changed afterwards. Where records were retired, a run of
/// numbers that is carried forward fills each gap exactly, and takes what the balance lost there.
/// </summary>
static class RunningChain
{
    public static Invariant For(IAuditEngine engine) => new()
    {
        Name = "running chain",
        Counted = "movements",
        Count = Movements.Count,
        Violations = [Steps(engine), WithoutMovements, Runs(engine)],
    };

    const string WithoutMovements =
        $"""
        select 'user ' || a.user_id || ': no movements, but ' || a.balance_nanos || ' nanos and last number ' || a.last_entry_number
        from account a
        left join (select distinct account_id from ({Movements.Sql}) movement) m on m.account_id = a.account_id
        left join carried_run r on r.account_id = a.account_id and r.first_number = 1
        where m.account_id is null and (a.balance_nanos <> -coalesce(r.amount_nanos, 0) or a.last_entry_number <> coalesce(r.last_number, 0))
        """;

    static string Steps(IAuditEngine engine) =>
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
                when s.entry_number <> coalesce(s.number_before, 0) + 1 and before.last_number is distinct from s.entry_number - 1
                    then 'it follows number ' || coalesce(s.number_before, 0)
                when not {engine.IsSum("s.balance_after_nanos", "coalesce(s.balance_before, 0) - coalesce(before.amount_nanos, 0)", "s.moved")}
                    then 'the balance after is ' || s.balance_after_nanos || ' nanos, ' || coalesce(s.balance_before, 0) || ' before and ' || s.moved || ' moved'
                        || coalesce(', ' || before.amount_nanos || ' carried forward', '')
                when s.number_after is null and coalesce(behind.last_number, s.entry_number) is distinct from a.last_entry_number
                    then 'it is the last, the account says ' || coalesce(cast(a.last_entry_number as text), 'nothing')
                when s.number_after is null and s.balance_after_nanos - coalesce(behind.amount_nanos, 0) <> a.balance_nanos
                    then 'the balance after is ' || s.balance_after_nanos || ' nanos, the account has ' || a.balance_nanos
                end as problem
            from step s
            left join account a on a.account_id = s.account_id
            left join carried_run before on before.account_id = s.account_id and before.first_number = coalesce(s.number_before, 0) + 1 and before.first_number < s.entry_number
            left join carried_run behind on behind.account_id = s.account_id and behind.first_number = s.entry_number + 1 and s.number_after is null) checked
        where problem is not null
        """;

    // A run that fills no gap makes the numbers too many.
    static string Runs(IAuditEngine engine) =>
        $"""
        with run as (
            select account_id, sum(last_number - first_number + 1) as numbers, {engine.Sum("amount_nanos")} as nanos from carried_run group by account_id),
        movement as (select account_id, count(*) as numbers from ({Movements.Sql}) movement group by account_id)
        select 'user ' || coalesce(a.user_id, 'of account ' || coalesce(c.account_id, r.account_id)) || ': ' || coalesce(c.records, 0) || ' records and '
            || coalesce(c.amount_nanos, 0) || ' nanos are carried forward, in runs of ' || coalesce(r.numbers, 0) || ' numbers and ' || coalesce(r.nanos, '0')
            || ' nanos, beside ' || coalesce(m.numbers, 0) || ' of ' || coalesce(a.last_entry_number, 0) || ' movements'
        from carried_forward c
        full join run r on r.account_id = c.account_id
        left join account a on a.account_id = coalesce(c.account_id, r.account_id)
        left join movement m on m.account_id = a.account_id
        where c.records is distinct from r.numbers or cast(c.amount_nanos as text) is distinct from r.nanos
            or coalesce(m.numbers, 0) + coalesce(r.numbers, 0) is distinct from a.last_entry_number
        """;
}
