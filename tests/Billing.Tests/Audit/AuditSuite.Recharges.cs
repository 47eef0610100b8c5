using Xunit;

namespace Billing.Tests.Audit;

/// <summary>Recharges that say something else than the ledger.</summary>
public abstract partial class AuditSuite
{
    const string AliceRecharge = "10000000000";

    [Fact]
    public async Task A_recharge_that_is_completed_and_credited_holds()
    {
        await Write(Story.Recharge.RechargeId, "Completed", "alice", AliceRecharge, refunded: true);

        Assert.True((await Ledger.Audit()).Holds);
    }

    [Fact]
    public async Task A_recharge_that_is_completed_and_not_credited_is_seen()
    {
        await Write(Story.NewId(), "Completed", "alice", AliceRecharge);
        await AssertViolated("completed and not credited", "paid recharges");
    }

    [Fact]
    public async Task A_recharge_that_is_credited_and_not_paid_is_seen()
    {
        await Write(Story.Recharge.RechargeId, "Expired", "alice", AliceRecharge, refunded: true);
        await AssertViolated("credited and not paid", "paid recharges");
    }

    [Fact]
    public async Task A_recharge_credited_with_another_amount_is_seen()
    {
        await Write(Story.Recharge.RechargeId, "Completed", "alice", "10000000001", refunded: true);
        await AssertViolated("10000000000 nanos instead of 10000000001", "paid recharges");
    }

    [Fact]
    public async Task A_recharge_credited_to_somebody_else_is_seen()
    {
        await Write(Story.Recharge.RechargeId, "Completed", "bob", AliceRecharge, refunded: true);
        await AssertViolated("credited to alice instead of bob", "paid recharges");
    }

    [Fact]
    public async Task A_refund_that_only_the_ledger_knows_is_seen()
    {
        await Write(Story.Recharge.RechargeId, "Completed", "alice", AliceRecharge);
        await AssertViolated("taken back in the ledger, 0 here", "paid recharges");
    }

    [Fact]
    public async Task A_message_consumed_twice_is_seen()
    {
        var (recharge, message) = (Story.NewId(), Story.NewId());
        for (var times = 0; times < 2; times++)
            await Ledger.Damage("insert into recharge_history (recharge_id, at, message_id, event, state) values ($1, $2, $3, 'PaymentSucceeded', 'AwaitingCredit')", recharge, Story.SecondPriceFrom, message);
        await AssertViolated("consumed 2 times as PaymentSucceeded", "paid recharges");
    }

    Task Write(Guid rechargeId, string state, string userId, string credit, bool refunded = false) => Ledger.Damage(
        $"""
        insert into recharge (recharge_id, current_state, user_id, amount, currency, channel, idempotency_key, started_at, expires_at, paid_payment_id, paid_amount,
            late, credit, balance_after, refunded, late_looks, open_refunds, waiting)
        values (upper($1), '{state}', '{userId}', {credit}, 'USD', 'card', 'key', $2, $2, 'pay-1', {credit}, 0, {credit}, 0,
            {(refunded ? "(select -sum(amount_nanos) from ledger_entry where kind = 2 and recharge_id = $1)" : "0")}, 0, 0, '[]')
        """, rechargeId, Story.SecondPriceFrom);
}
