namespace Billing.Tests.Charging;

public sealed class DebtTests
{
    readonly PlainLedger _ledger = new();

    DebtIncurred[] Debts => [.. _ledger.Events.Select(told => told.Message).OfType<DebtIncurred>()];

    [Fact]
    public void Usage_that_has_happened_is_always_charged_into_visible_debt()
    {
        _ledger.Open("ann", Money.Parse("0.01"));

        Assert.Equal(Money.Parse("-0.04"), _ledger.Charge(Shop.Usage(Shop.Ocr, 5)).Record.BalanceAfter);
        Assert.Equal(Money.Parse("-0.04"), _ledger.Balance());
    }

    [Fact]
    public void Debt_is_announced_once_for_each_crossing_and_never_while_it_lasts()
    {
        _ledger.Charge(Shop.Usage(Shop.Ocr));
        _ledger.Charge(Shop.Usage(Shop.Ocr));
        Assert.Single(Debts);

        _ledger.Apply(new CreditRecharge(Shop.NewId(), "ann", Money.Parse("0.02"))); // back to exactly zero
        _ledger.Apply(new ChargeUsage(Shop.Usage(Shop.Ocr)), new ChargeUsage(Shop.Usage(Shop.Ocr)));
        Assert.Equal(2, Debts.Length);

        Assert.Equal(("ann", Money.Parse("-0.02"), Shop.Currency), (Debts[^1].UserId, Debts[^1].Balance, Debts[^1].Currency));
    }

    [Fact]
    public void A_batch_that_leaves_the_balance_at_zero_or_more_announces_no_debt()
    {
        _ledger.Open("ann", Money.Parse("0.01"));

        _ledger.Apply(new ChargeUsage(Shop.Usage(Shop.Ocr, 2)), new CreditRecharge(Shop.NewId(), "ann", Money.Parse("0.01")));

        Assert.Equal(Money.Zero, _ledger.Balance());
        Assert.Empty(Debts);
    }

    [Fact]
    public void The_next_recharge_recovers_the_debt_first()
    {
        _ledger.Charge(Shop.Usage(Shop.Ocr, 5));

        _ledger.Apply(new CreditRecharge(Shop.NewId(), "ann", Money.Parse("1")));

        Assert.Equal(Money.Parse("0.95"), _ledger.Balance());
    }
}
