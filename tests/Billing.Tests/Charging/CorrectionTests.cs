namespace Billing.Tests.Charging;

/// <summary>Credits, adjustments and reversals.</summary>
public sealed class CorrectionTests
{
    readonly PlainLedger _ledger = new();

    [Fact]
    public void A_reversal_returns_free_units_and_money_to_exactly_where_they_came_from_and_once()
    {
        _ledger.Open("ann", Money.Parse("1"));
        var usage = Shop.Usage(quantity: 13, at: Shop.Now.AddDays(-25));
        _ledger.Charge(usage);
        Assert.Equal((Money.Parse("0.97"), 10), (_ledger.Balance(), _ledger.FreeUnitsUsed(Shop.Call, 2026, 5)));

        var reverse = new GiveBackUsage(usage.UsageId, "ann", "eve", "double click");
        var first = Assert.IsType<Entered>(_ledger.Apply(reverse)[0]);
        var again = Assert.IsType<Entered>(_ledger.Apply(reverse)[0]);

        Assert.Equal((false, true), (first.Duplicate, again.Duplicate));
        Assert.Equal(first.Entry, again.Entry);
        Assert.Equal((Money.Parse("0.03"), EntryKind.Reversal, "eve", "double click"), (first.Entry.Amount, first.Entry.Kind, first.Entry.Actor, first.Entry.Reason));
        Assert.Equal((Money.Parse("1"), 0, 0), (_ledger.Balance(), _ledger.FreeUnitsUsed(Shop.Call, 2026, 5), _ledger.FreeUnitsUsed(Shop.Call, 2026, 6)));
    }

    [Fact]
    public void A_usage_and_two_reversals_of_it_in_one_batch_leave_everything_as_it_was()
    {
        _ledger.Open("ann", Money.Parse("1"));
        var usage = Shop.Usage(quantity: 12);
        var reverse = new GiveBackUsage(usage.UsageId, "ann", "eve", "test");

        _ledger.Apply(new ChargeUsage(usage), reverse, reverse);

        Assert.Equal((Money.Parse("1"), 0), (_ledger.Balance(), _ledger.FreeUnitsUsed(Shop.Call, 2026, 6)));
        Assert.Equal(2, _ledger.LastEntryNumber());
    }

    [Fact]
    public void A_reversed_usage_that_comes_again_is_still_a_duplicate()
    {
        var usage = Shop.Usage(Shop.Ocr);
        _ledger.Charge(usage);
        _ledger.Apply(new GiveBackUsage(usage.UsageId, "ann", "eve", "test"));

        Assert.True(_ledger.Charge(usage).Duplicate);
        Assert.Equal(Money.Zero, _ledger.Balance());
    }

    [Fact]
    public void Nobody_can_reverse_what_was_never_charged_or_was_charged_to_someone_else()
    {
        var usage = Shop.Usage(Shop.Ocr);
        _ledger.Charge(usage);

        Assert.Equal(ErrorCodes.UsageNotFound, _ledger.Refuse(new GiveBackUsage(Shop.NewId(), "ann", "eve", "test")));
        Assert.Equal(ErrorCodes.UsageNotFound, _ledger.Refuse(new GiveBackUsage(usage.UsageId, "bob", "eve", "test")));
        Assert.Equal((Money.Parse("-0.01"), Money.Zero), (_ledger.Balance(), _ledger.Balance("bob")));
    }

    [Fact]
    public void An_adjustment_counts_once_by_its_id_up_or_down()
    {
        var up = new AdjustFunds(Shop.NewId(), "ann", Money.Parse("5"), "eve", "goodwill");
        var down = new AdjustFunds(Shop.NewId(), "ann", Money.Parse("-7"), "eve", "fraud");

        var outcomes = _ledger.Apply(up, up, down);
        var again = _ledger.Apply(up, down);

        Assert.Equal([false, true, false, true, true], outcomes.Concat(again).Select(outcome => Assert.IsType<Entered>(outcome).Duplicate));
        Assert.Equal(Money.Parse("-2"), _ledger.Balance());
    }

    [Theory]
    [InlineData("ann", "6")]
    [InlineData("bob", "5")]
    public void An_operation_id_with_another_user_or_amount_is_refused_and_the_first_stands(string user, string amount)
    {
        var id = Shop.NewId();
        _ledger.Apply(new AdjustFunds(id, "ann", Money.Parse("5"), "eve", "goodwill"), new CreditRecharge(id, "ann", Money.Parse("5")));

        Assert.Equal(ErrorCodes.OperationIdReused, _ledger.Refuse(new AdjustFunds(id, user, Money.Parse(amount), "eve", "goodwill")));
        Assert.Equal(ErrorCodes.OperationIdReused, _ledger.Refuse(new CreditRecharge(id, user, Money.Parse(amount))));
        Assert.Equal(Money.Parse("10"), _ledger.Balance());
    }

    [Fact]
    public void A_recharge_is_credited_once_however_often_it_is_asked_for()
    {
        var credit = new CreditRecharge(Shop.NewId(), "ann", Money.Parse("20"));

        _ledger.Apply(credit, credit);
        _ledger.Apply(credit);

        Assert.Equal(Money.Parse("20"), _ledger.Balance());
    }

    [Fact]
    public void Opening_an_account_creates_it_and_moves_nothing()
    {
        Assert.IsType<Opened>(_ledger.Apply(new OpenAccount("ann"))[0]);
        Assert.IsType<Opened>(_ledger.Apply(new OpenAccount("ann"))[0]);

        Assert.Equal((Money.Zero, 0), (_ledger.Balance(), _ledger.LastEntryNumber()));
    }

    [Fact]
    public void Every_record_and_entry_takes_the_accounts_next_number()
    {
        _ledger.Apply(new ChargeUsage(Shop.Usage()), new CreditRecharge(Shop.NewId(), "ann", Money.Parse("1")), new ChargeUsage(Shop.Usage("nothing")), new ChargeUsage(Shop.Usage()));
        _ledger.Charge(Shop.Usage(user: "bob"));

        var numbers = _ledger.Records.Values.Where(record => record.AccountId == _ledger.AccountId()).Select(record => record.EntryNumber)
            .Concat(_ledger.Entries.Values.Select(entry => entry.EntryNumber)).Order();
        Assert.Equal([1, 2, 3], numbers);
        Assert.Equal(1, _ledger.LastEntryNumber("bob"));
    }
}
