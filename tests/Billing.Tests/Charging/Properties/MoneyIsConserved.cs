using System.Numerics;
using FsCheck.Fluent;

namespace Billing.Tests.Charging.Properties;

public sealed class MoneyIsConserved
{
    [Fact]
    public void Folding_entries_and_records_gives_every_balance_and_every_running_number() =>
        Checked.Holds(Checked.Lists(Step.Any), steps =>
        {
            var ledger = new PlainLedger();
            foreach (var batch in Step.Batches(steps)) ledger.Apply(batch);

            foreach (var user in ledger.Users)
            {
                var accountId = ledger.AccountId(user);
                var moves = ledger.Records.Values.Where(record => record.AccountId == accountId).Select(record => (record.EntryNumber, Amount: -record.Amount, record.BalanceAfter))
                    .Concat(ledger.Entries.Values.Where(entry => entry.AccountId == accountId).Select(entry => (entry.EntryNumber, entry.Amount, entry.BalanceAfter)))
                    .OrderBy(move => move.EntryNumber).ToList();
                BigInteger balance = 0;
                for (var i = 0; i < moves.Count; i++)
                {
                    balance += moves[i].Amount.Nanos;
                    Assert.Equal(i + 1, moves[i].EntryNumber);
                    Assert.Equal(balance, moves[i].BalanceAfter.Nanos);
                }
                Assert.Equal(balance, ledger.Balance(user).Nanos);
                Assert.Equal(moves.Count, ledger.LastEntryNumber(user));
            }
        });

    [Fact]
    public void Every_nano_of_a_cost_is_accounted_for() =>
        Checked.Holds(
            (from quantity in Gen.OneOf(Gen.Choose(1, 50), Gen.Choose(1, 1_000_000_000))
             from free in Gen.OneOf(Gen.Choose(0, 60), Gen.Choose(0, 1_000_000_000))
             from high in Gen.Choose(0, int.MaxValue)
             from low in Gen.Choose(0, int.MaxValue)
             from shift in Gen.Choose(0, 62)
             select (Quantity: (long)quantity, Free: (long)free, Cost: new Money((((long)high << 32) | (uint)low) >> shift))).ToArbitrary(),
            drawn =>
            {
                var split = ChargeSplit.Of(drawn.Quantity, drawn.Cost, drawn.Free);

                Assert.Equal(drawn.Quantity, split.FreeUnits + split.PaidUnits);
                Assert.Equal(Math.Min(drawn.Quantity, drawn.Free), split.FreeUnits);
                // What the balance pays and the worth of the free units add up to the cost, with half a nano at most on either side.
                var error = (BigInteger)split.Amount.Nanos * drawn.Quantity - (BigInteger)drawn.Cost.Nanos * split.PaidUnits;
                Assert.True(-drawn.Quantity < 2 * error && 2 * error <= drawn.Quantity, $"{drawn} paid {split}");
                Assert.InRange(split.Amount.Nanos, 0, drawn.Cost.Nanos);
                if (split.FreeUnits == 0) Assert.Equal(drawn.Cost, split.Amount);
                if (split.PaidUnits == 0) Assert.Equal(Money.Zero, split.Amount);
            }, tests: 5_000);

    [Fact]
    public void The_balance_is_touched_only_when_the_free_quota_is_empty() =>
        Checked.Holds(Checked.Lists(Step.Any), steps =>
        {
            var ledger = new PlainLedger();
            foreach (var batch in Step.Batches(steps)) ledger.Apply(batch);

            Assert.All(ledger.Records.Values, record => Assert.True(record.Amount == Money.Zero || record.FreeUnitsAfter == 0, $"{record}"));
            Assert.All(ledger.Records.Values, record => Assert.True(record.PaidUnits > 0 || record.Amount == Money.Zero, $"{record}"));
        });
}
