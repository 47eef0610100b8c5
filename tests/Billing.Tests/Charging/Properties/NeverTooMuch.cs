using System.Numerics;
using FsCheck.Fluent;

namespace Billing.Tests.Charging.Properties;

public sealed class NeverTooMuch
{
    [Fact]
    public void Deductions_never_exceed_the_funds_in_any_order_and_batches() =>
        Checked.Holds(
            (from steps in Step.Of(Gen.Constant(StepKind.Deduct)).ArrayOf()
             from cents in Gen.Choose(0, 60)
             from overdraftCents in Gen.Choose(0, 20)
             select (Steps: steps, Balance: new Money(cents * 10_000_000L), Overdraft: new Money(overdraftCents * 10_000_000L))).ToArbitrary(),
            drawn =>
            {
                var ledger = new PlainLedger();
                foreach (var user in (string[])["ann", "bob", "cy"]) ledger.Open(user, drawn.Balance, drawn.Overdraft);

                foreach (var batch in Step.Batches(drawn.Steps)) ledger.Apply(batch);

                Assert.All(ledger.Users, user => Assert.True(ledger.Balance(user) >= -drawn.Overdraft, $"{user} is at {ledger.Balance(user)}"));
                Assert.Empty(drawn.Overdraft == Money.Zero ? ledger.Events.Select(told => told.Message).OfType<DebtIncurred>() : []);
            });

    [Fact]
    public void No_more_is_ever_taken_back_of_a_recharge_than_was_credited() =>
        Checked.Holds(Checked.Lists(Step.Recharges), steps =>
        {
            var ledger = new PlainLedger();
            foreach (var batch in Step.Batches(steps)) ledger.Apply(batch);

            foreach (var refunds in ledger.Entries.Values.Where(entry => entry.Kind == EntryKind.Refund).GroupBy(entry => entry.RechargeId!.Value))
            {
                var credit = ledger.Entries[(EntryKind.Credit, refunds.Key)];
                Assert.All(refunds, refund => Assert.Equal(credit.AccountId, refund.AccountId));
                Assert.True(refunds.Aggregate(BigInteger.Zero, (sum, refund) => sum - refund.Amount.Nanos) <= credit.Amount.Nanos, $"{credit} had more taken back");
            }
        }, tests: 1_000);

    [Fact]
    public void A_credit_raises_the_balance_by_all_of_it_so_that_debt_is_recovered_first() =>
        Checked.Holds(Checked.Lists(Step.Any), steps =>
        {
            var ledger = new PlainLedger();
            foreach (var operation in steps.Select(step => step.Operation))
            {
                var before = ledger.Knows(operation.UserId!) ? ledger.Balance(operation.UserId!) : Money.Zero;
                if (ledger.Apply(operation)[0] is not Entered { Duplicate: false, Entry.Kind: EntryKind.Credit } credited) continue;
                Assert.Equal((before + ((CreditRecharge)operation).Amount, ledger.Balance(operation.UserId!)), (ledger.Balance(operation.UserId!), credited.Entry.BalanceAfter));
            }
        });

    [Fact]
    public void Past_the_limit_an_operation_is_refused_and_never_wraps() =>
        Checked.Holds(Checked.Lists(Huge), steps =>
        {
            var ledger = new PlainLedger();
            ledger.Open("ann");
            BigInteger balance = 0;
            foreach (var amount in steps)
            {
                Operation operation = amount < 0 && amount > long.MinValue
                    ? new ChargeUsage(Shop.Usage(Shop.Llm, cost: new Money(-amount).ToString()))
                    : new AdjustFunds(Shop.NewId(), "ann", new Money(amount), "eve", "test");
                var fits = balance + amount >= long.MinValue && balance + amount <= long.MaxValue;

                var outcome = ledger.Apply(operation)[0];

                if (fits) balance += amount;
                Assert.Equal(fits, outcome is not Refused { Code: ErrorCodes.AmountOverflow });
                Assert.Equal(balance, ledger.Balance().Nanos);
            }
        });

    static readonly FsCheck.Gen<long> Huge =
        from near in Gen.Elements(long.MaxValue, long.MinValue, long.MaxValue / 2, long.MinValue / 2, 0L)
        from off in Gen.Choose(0, 3)
        select near >= 0 ? near - (near == 0 ? -off : off) : near + off;
}
