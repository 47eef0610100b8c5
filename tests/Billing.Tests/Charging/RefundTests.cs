namespace Billing.Tests.Charging;

/// <summary>Money of a recharge that went back to the payer.</summary>
public sealed class RefundTests
{
    static readonly Guid Recharge = Shop.NewId();

    readonly PlainLedger _ledger = new();

    [Fact]
    public void A_refund_is_taken_from_the_balance_once_by_recharge_and_refund_id()
    {
        Credit("20");

        var outcomes = _ledger.Apply(Refund("re-1", "5"), Refund("re-1", "5"), Refund("re-2", "5"));
        var again = _ledger.Apply(Refund("re-2", "5"), Refund("re-1", "5"));

        Assert.Equal([false, true, false, true, true], outcomes.Concat(again).Select(outcome => Assert.IsType<Entered>(outcome).Duplicate));
        Assert.Equal(Money.Parse("10"), _ledger.Balance());
        var entry = Assert.IsType<Entered>(outcomes[0]).Entry;
        Assert.Equal((EntryKind.Refund, Money.Parse("-5"), Recharge, "re-1"), (entry.Kind, entry.Amount, entry.RechargeId, entry.RefundId));
    }

    [Theory]
    [InlineData("20")]
    [InlineData("5", "15")]
    [InlineData("0.000000001", "19.999999999")]
    public void All_of_a_credit_can_be_taken_back_in_parts_and_not_a_nano_more(params string[] parts)
    {
        Credit("20");
        _ledger.Apply(new CreditRecharge(Shop.NewId(), "ann", Money.Parse("100")));

        foreach (var (part, index) in parts.Select((part, index) => (part, index))) Assert.IsType<Entered>(_ledger.Apply(Refund($"re-{index}", part))[0]);

        Assert.Equal(ErrorCodes.RefundExceedsCredit, _ledger.Refuse(Refund("re-more", "0.000000001")));
        Assert.Equal(Money.Parse("100"), _ledger.Balance());
        Assert.True(Assert.IsType<Entered>(_ledger.Apply(Refund("re-0", parts[0]))[0]).Duplicate);
    }

    [Fact]
    public void Refunds_of_one_batch_see_each_other()
    {
        Credit("20");

        var outcomes = _ledger.Apply(Refund("re-1", "15"), Refund("re-2", "15"), Refund("re-3", "5"));

        Assert.IsType<Entered>(outcomes[0]);
        Assert.Equal(ErrorCodes.RefundExceedsCredit, Assert.IsType<Refused>(outcomes[1]).Code);
        Assert.IsType<Entered>(outcomes[2]);
        Assert.Equal(Money.Zero, _ledger.Balance());
    }

    [Fact]
    public void A_credit_and_its_refund_may_come_in_one_batch_in_that_order()
    {
        var credit = new CreditRecharge(Recharge, "ann", Money.Parse("20"));

        var outcomes = _ledger.Apply(Refund("re-1", "5"), credit, Refund("re-1", "5"));

        Assert.Equal(ErrorCodes.RechargeNotCredited, Assert.IsType<Refused>(outcomes[0]).Code);
        Assert.False(Assert.IsType<Entered>(outcomes[2]).Duplicate);
        Assert.Equal(Money.Parse("15"), _ledger.Balance());
    }

    [Fact]
    public void Nothing_is_taken_back_of_what_was_not_credited_to_this_user()
    {
        Credit("20");

        Assert.Equal(ErrorCodes.RechargeNotCredited, _ledger.Refuse(Refund("re-1", "5") with { Owner = "bob" }));
        Assert.Equal(ErrorCodes.RechargeNotCredited, _ledger.Refuse(new TakeBackCredit(Shop.NewId(), "re-1", "ann", Money.Parse("5"))));
        Assert.Equal((Money.Parse("20"), Money.Zero), (_ledger.Balance(), _ledger.Balance("bob")));
    }

    [Fact]
    public void A_refund_id_with_another_amount_is_refused_and_the_first_stands()
    {
        Credit("20");
        _ledger.Apply(Refund("re-1", "5"));

        Assert.Equal(ErrorCodes.OperationIdReused, _ledger.Refuse(Refund("re-1", "6")));
        Assert.Equal(ErrorCodes.OperationIdReused, _ledger.Refuse(Refund("re-1", "500")));
        Assert.Equal(Money.Parse("15"), _ledger.Balance());
    }

    [Fact]
    public void The_same_refund_id_of_another_recharge_is_another_refund()
    {
        Credit("20");
        var other = Shop.NewId();
        _ledger.Apply(new CreditRecharge(other, "ann", Money.Parse("20")));

        _ledger.Apply(Refund("re-1", "5"), new TakeBackCredit(other, "re-1", "ann", Money.Parse("5")));

        Assert.Equal(Money.Parse("30"), _ledger.Balance());
    }

    [Fact]
    public void Money_that_is_spent_is_taken_back_into_debt_which_is_announced_once()
    {
        Credit("20");
        _ledger.Apply(new AdjustFunds(Shop.NewId(), "ann", Money.Parse("-18"), "eve", "spent"));

        _ledger.Apply(Refund("re-1", "5"));
        _ledger.Apply(Refund("re-2", "5"));

        Assert.Equal(Money.Parse("-8"), _ledger.Balance());
        var debt = Assert.Single(_ledger.Events.Select(told => told.Message).OfType<DebtIncurred>());
        Assert.Equal(("ann", Money.Parse("-3")), (debt.UserId, debt.Balance));
    }

    [Fact]
    public void Credits_and_refunds_are_told_once_each_with_the_balance_right_after()
    {
        Credit("20");
        _ledger.Apply(Refund("re-1", "5"), Refund("re-1", "5"), new AdjustFunds(Shop.NewId(), "ann", Money.Parse("1"), "eve", "goodwill"));
        Credit("20");

        Assert.Equal(
            [
                new AccountCredited { RechargeId = Recharge, UserId = "ann", Amount = Money.Parse("20"), Currency = Shop.Currency, Balance = Money.Parse("20"), CreditedAt = Shop.Now },
                new CreditRefunded { RechargeId = Recharge, RefundId = "re-1", UserId = "ann", Amount = Money.Parse("5"), Currency = Shop.Currency, Balance = Money.Parse("15"), RefundedAt = Shop.Now },
            ],
            _ledger.Events.Select(told => told.Message));
    }

    [Fact]
    public void A_message_has_the_same_id_whenever_the_same_is_told_and_no_two_share_one()
    {
        var (once, again) = (new PlainLedger(), new PlainLedger { Now = Shop.Now.AddMinutes(1) });
        foreach (var ledger in (PlainLedger[])[once, again])
        {
            ledger.Apply(new CreditRecharge(Recharge, "ann", Money.Parse("20")), Refund("re-1", "5"), Refund("re-2", "5"));
            ledger.Apply(new AdjustFunds(Recharge, "ann", Money.Parse("-50"), "eve", "spent"));
            ledger.Apply(new AdjustFunds(Shop.NewId(), "ann", Money.Parse("50"), "eve", "back"));
            ledger.Apply(new AdjustFunds(Shop.NewId(), "ann", Money.Parse("-50"), "eve", "spent"));
        }

        Assert.Equal(5, once.Events.Select(told => told.MessageId).Distinct().Count());
        Assert.Equal(once.Events.Select(told => told.MessageId), again.Events.Select(told => told.MessageId));
        Assert.Equal(3, once.Events.Count(told => told.GroupId == Recharge));
    }

    void Credit(string amount) => _ledger.Apply(new CreditRecharge(Recharge, "ann", Money.Parse(amount)));

    static TakeBackCredit Refund(string id, string amount) => new(Recharge, id, "ann", Money.Parse(amount));
}
