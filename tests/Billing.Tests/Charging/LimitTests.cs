namespace Billing.Tests.Charging;

/// <summary>At the ends of what money can count: refused, and everything as it was.</summary>
public sealed class LimitTests
{
    static readonly Money Most = new(long.MaxValue);
    static readonly Money Least = new(long.MinValue);

    readonly PlainLedger _ledger = new();

    [Fact]
    public void A_cost_beyond_the_limit_is_refused_kept_and_takes_nothing()
    {
        Assert.Equal(ErrorCodes.AmountOverflow, _ledger.Refuse(new ChargeUsage(Shop.Usage(Shop.Dear, 2))));

        Assert.Equal(ErrorCodes.AmountOverflow, Assert.Single(_ledger.Rejections).Refusal.Code);
        Assert.Equal((Money.Zero, 0), (_ledger.Balance(), _ledger.LastEntryNumber()));
        Assert.Empty(_ledger.Records);
    }

    [Fact]
    public void A_balance_at_its_highest_takes_no_credit_and_stays()
    {
        _ledger.Open("ann", Most);

        Assert.Equal(ErrorCodes.AmountOverflow, _ledger.Refuse(new CreditRecharge(Shop.NewId(), "ann", new Money(1))));
        Assert.Equal(ErrorCodes.AmountOverflow, _ledger.Refuse(new AdjustFunds(Shop.NewId(), "ann", Most, "eve", "test")));
        Assert.Equal((Most, 0), (_ledger.Balance(), _ledger.LastEntryNumber()));
        Assert.Empty(_ledger.Entries);
    }

    [Fact]
    public void A_balance_at_its_lowest_takes_no_debit_and_no_free_units_are_lost_by_it()
    {
        _ledger.Open("ann", Least);

        Assert.Equal(ErrorCodes.AmountOverflow, _ledger.Refuse(new ChargeUsage(Shop.Usage(quantity: 11))));
        Assert.Equal((Least, 0), (_ledger.Balance(), _ledger.FreeUnitsUsed(Shop.Call, 2026, 6)));
        Assert.Equal(10, _ledger.Charge(Shop.Usage(quantity: 10)).Record.FreeUnits);
    }

    [Fact]
    public void The_neighbours_of_a_refused_operation_in_its_batch_are_charged()
    {
        var outcomes = _ledger.Apply(
            new ChargeUsage(Shop.Usage(Shop.Ocr)), new ChargeUsage(Shop.Usage(Shop.Dear, 2)), new CreditRecharge(Shop.NewId(), "ann", Most),
            new CreditRecharge(Shop.NewId(), "ann", Most), new ChargeUsage(Shop.Usage(Shop.Ocr)));

        Assert.IsType<Charged>(outcomes[0]);
        Assert.Equal(ErrorCodes.AmountOverflow, Assert.IsType<Refused>(outcomes[1]).Code);
        Assert.IsType<Entered>(outcomes[2]);
        Assert.Equal(ErrorCodes.AmountOverflow, Assert.IsType<Refused>(outcomes[3]).Code);
        Assert.Equal(new Money(long.MaxValue - 20_000_000), Assert.IsType<Charged>(outcomes[4]).Record.BalanceAfter);
    }

    [Fact]
    public void A_reversal_that_would_overflow_gives_back_neither_money_nor_free_units()
    {
        var usage = Shop.Usage(quantity: 11);
        _ledger.Charge(usage);
        _ledger.Apply(new CreditRecharge(Shop.NewId(), "ann", Most), new CreditRecharge(Shop.NewId(), "ann", Money.Parse("0.01")));
        Assert.Equal(Most, _ledger.Balance());

        Assert.Equal(ErrorCodes.AmountOverflow, _ledger.Refuse(new GiveBackUsage(usage.UsageId, "ann", "eve", "test")));
        Assert.Equal((Most, 10), (_ledger.Balance(), _ledger.FreeUnitsUsed(Shop.Call, 2026, 6)));
    }

    [Fact]
    public void A_deduction_is_covered_by_a_full_balance_that_has_an_overdraft_limit_on_top()
    {
        _ledger.Open("ann", Most, overdraftLimit: Money.Parse("1"));

        Assert.IsType<Charged>(_ledger.Deduct(Shop.Usage(Shop.Ocr)));
    }

    [Fact]
    public void A_deduction_from_the_deepest_debt_lacks_funds()
    {
        _ledger.Open("ann", Least, held: Money.Parse("1"));

        Assert.Equal(ErrorCodes.InsufficientFunds, Assert.IsType<Refused>(_ledger.Deduct(Shop.Usage(Shop.Ocr))).Code);
    }
}
