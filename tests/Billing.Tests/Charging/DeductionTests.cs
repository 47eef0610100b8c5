using Billing.Service.Charging.Reservations;

namespace Billing.Tests.Charging;

public sealed class DeductionTests
{
    readonly PlainLedger _ledger = new();

    [Fact]
    public void A_deduction_is_all_or_nothing()
    {
        _ledger.Open("ann", Money.Parse("0.04"));

        // Ten are free and four are covered; the fifteenth is not.
        Assert.Equal(ErrorCodes.InsufficientFunds, Assert.IsType<Refused>(_ledger.Deduct(Shop.Usage(quantity: 15))).Code);
        Assert.Equal((Money.Parse("0.04"), 0), (_ledger.Balance(), _ledger.FreeUnitsUsed(Shop.Call, 2026, 6)));
        Assert.Empty(_ledger.Records);

        var charged = Assert.IsType<Charged>(_ledger.Deduct(Shop.Usage(quantity: 14)));
        Assert.Equal((10, Money.Parse("0.04"), Money.Zero), (charged.Record.FreeUnits, charged.Record.Amount, charged.Record.BalanceAfter));
    }

    [Fact]
    public void A_deduction_may_use_the_overdraft_limit_and_not_a_nano_more()
    {
        _ledger.Open("ann", Money.Parse("1"), overdraftLimit: Money.Parse("2"));

        Assert.Equal(ErrorCodes.InsufficientFunds, Assert.IsType<Refused>(_ledger.Deduct(Shop.Usage(Shop.Llm, cost: "3.000000001"))).Code);
        Assert.IsType<Charged>(_ledger.Deduct(Shop.Usage(Shop.Llm, cost: "3")));
        Assert.Equal(Money.Parse("-2"), _ledger.Balance());
        Assert.Equal(ErrorCodes.InsufficientFunds, Assert.IsType<Refused>(_ledger.Deduct(Shop.Usage(Shop.Llm, cost: "0.000000001"))).Code);
    }

    [Fact]
    public void What_a_reservation_holds_is_not_there_for_a_deduction()
    {
        _ledger.Open("ann", Money.Parse("1"));
        _ledger.Apply(new HoldFunds(Shop.NewId(), "ann", Shop.Llm, 1, Money.Parse("0.6"), TimeSpan.FromSeconds(30), Shop.Now, Shop.Now));

        Assert.Equal(ErrorCodes.InsufficientFunds, Assert.IsType<Refused>(_ledger.Deduct(Shop.Usage(Shop.Llm, cost: "0.41"))).Code);
        Assert.IsType<Charged>(_ledger.Deduct(Shop.Usage(Shop.Llm, cost: "0.4")));
    }

    [Fact]
    public void Inside_a_batch_arrival_order_decides_who_gets_the_last_money()
    {
        _ledger.Open("ann", Money.Parse("0.02"));
        var deadline = Shop.Now.AddSeconds(1);

        var outcomes = _ledger.Apply(
            new DeductUsage(Shop.Usage(Shop.Ocr), deadline), new DeductUsage(Shop.Usage(Shop.Ocr, 2), deadline), new DeductUsage(Shop.Usage(Shop.Ocr), deadline));

        Assert.IsType<Charged>(outcomes[0]);
        Assert.Equal(ErrorCodes.InsufficientFunds, Assert.IsType<Refused>(outcomes[1]).Code);
        Assert.IsType<Charged>(outcomes[2]);
        Assert.Equal(Money.Zero, _ledger.Balance());
    }

    [Fact]
    public void Past_its_deadline_a_deduction_moves_nothing()
    {
        _ledger.Open("ann", Money.Parse("1"));
        var usage = Shop.Usage(Shop.Ocr);

        Assert.Equal(ErrorCodes.RequestExpired, Assert.IsType<Refused>(_ledger.Deduct(usage, Shop.Now.AddTicks(-1))).Code);
        Assert.Equal(Money.Parse("1"), _ledger.Balance());
        Assert.IsType<Charged>(_ledger.Deduct(usage, Shop.Now));
    }

    [Fact]
    public void A_refused_deduction_is_only_answered_and_leaves_no_rejected_usage()
    {
        _ledger.Deduct(Shop.Usage(Shop.Ocr));
        _ledger.Deduct(Shop.Usage("nothing"));

        Assert.Empty(_ledger.Rejections);
    }
}
