using Billing.Service.Audit.Engines;

namespace Billing.Service.Audit.Invariants;

/// <summary>
/// What the recharges say and what the ledger says is the same money: a completed recharge is credited with its amount to its user, and
/// an unpaid one is not. Between the two only messages pass, so one that is paid may wait for its credit for a moment.
/// </summary>
static class PaidRecharges
{
    public static Invariant For(IAuditEngine engine) => new()
    {
        Name = "paid recharges",
        Counted = "recharges",
        Count = $"select count(*) from {engine.RechargeTable("recharge")}",
        Violations = [NotTheSame(engine), RefundsNotTheSame(engine), SecondClaim(engine), ConsumedTwice(engine)],
    };

    static string NotTheSame(IAuditEngine engine) =>
        $"""
        select 'recharge ' || recharge_id || ', ' || current_state || ': ' || problem from (
            select r.recharge_id, r.current_state, case
                when r.current_state = 'Completed' and e.recharge_id is null then 'completed and not credited'
                when r.current_state in ('Pending', 'AwaitingPayment', 'Failed', 'Expired') and e.recharge_id is not null then 'credited and not paid'
                when r.current_state = 'Completed' and e.amount_nanos <> r.credit then 'credited with ' || e.amount_nanos || ' nanos instead of ' || r.credit
                when a.user_id <> r.user_id then 'credited to ' || a.user_id || ' instead of ' || r.user_id
                end as problem
            from {engine.RechargeTable("recharge")} r
                left join ledger_entry e on e.kind = 1 and e.recharge_id = {engine.RechargeId("r.recharge_id")}
                left join account a on a.account_id = e.account_id) checked
        where problem is not null
        """;

    static string RefundsNotTheSame(IAuditEngine engine) =>
        $"""
        select 'recharge ' || r.recharge_id || ': ' || coalesce(e.taken, 0) || ' nanos taken back in the ledger, ' || r.refunded || ' here'
        from {engine.RechargeTable("recharge")} r
            left join (select recharge_id, -sum(amount_nanos) as taken from ledger_entry where kind = 2 group by recharge_id) e
                on e.recharge_id = {engine.RechargeId("r.recharge_id")}
        where r.open_refunds = 0 and coalesce(e.taken, 0) <> r.refunded
        """;

    // A completed recharge's payment is its own.
    static string SecondClaim(IAuditEngine engine) =>
        $"""
        select 'payment ' || paid_payment_id || ': ' || count(*) || ' recharges credited' from {engine.RechargeTable("recharge")}
        where current_state = 'Completed' group by paid_payment_id having count(*) > 1
        """;

    static string ConsumedTwice(IAuditEngine engine) =>
        $"""
        select 'recharge ' || recharge_id || ': message ' || message_id || ' consumed ' || count(*) || ' times as ' || event
        from {engine.RechargeTable("recharge_history")} group by recharge_id, message_id, event having count(*) > 1
        """;
}
