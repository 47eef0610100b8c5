using Billing.Service.Charging.Reservations;

namespace Billing.Tests.Charging;

/// <summary>Setting funds aside, handing out under it, and giving back.</summary>
public sealed class ReservationTests
{
    static readonly Guid Id = Guid.Parse("7b0c1e52-5d0e-4d5a-9d6f-2f3c8a1b4e60");
    static readonly TimeSpan HalfMinute = TimeSpan.FromSeconds(30);

    readonly PlainLedger _ledger = new();

    [Fact]
    public void Free_units_are_set_aside_first_and_money_for_the_rest()
    {
        _ledger.Open("ann", Money.Parse("1"));

        var reserved = Reserve(Shop.Call, 25);

        Assert.Equal((new Grant(25, 10, Money.Parse("0.15")), new Hold(10, Money.Parse("0.15"))), (reserved.Reservation.Granted, reserved.Reservation.Held));
        Assert.Equal((Money.Parse("0.85"), 0), (reserved.Available, reserved.FreeUnitsLeft));
        Assert.Equal((Shop.Now + HalfMinute, Shop.Now + HalfMinute + TimeSpan.FromMinutes(10)), (reserved.Reservation.GrantUntil, reserved.Reservation.SettleBy));
        Assert.Equal((Money.Parse("1"), 0), (_ledger.Balance(), _ledger.LastEntryNumber()));
    }

    [Fact]
    public void All_or_nothing_and_the_answer_says_what_the_funds_would_cover()
    {
        _ledger.Open("ann", Money.Parse("0.04"));

        var refused = Assert.IsType<Refused>(_ledger.Apply(Hold(Shop.Call, 15))[0]);

        Assert.Equal((ErrorCodes.InsufficientFunds, 14L), (refused.Code, refused.AffordableQuantity));
        Assert.Empty(_ledger.Reservations);
        Reserve(Shop.Call, 14);
        Assert.Equal(0L, Assert.IsType<Refused>(_ledger.Apply(Hold(Shop.Call, 1, id: Guid.CreateVersion7()))[0]).AffordableQuantity);
    }

    [Fact]
    public void Two_reservations_are_never_promised_the_same_money()
    {
        _ledger.Open("ann", Money.Parse("0.10"));

        var outcomes = _ledger.Apply(Hold(Shop.Ocr, 6), Hold(Shop.Ocr, 6, id: Guid.CreateVersion7()), Hold(Shop.Ocr, 4, id: Guid.CreateVersion7()));

        Assert.IsType<Reserved>(outcomes[0]);
        Assert.Equal(4L, Assert.IsType<Refused>(outcomes[1]).AffordableQuantity);
        Assert.Equal(Money.Zero, Assert.IsType<Reserved>(outcomes[2]).Available);
    }

    [Fact]
    public void A_repeat_returns_the_reservation_and_other_content_under_its_id_is_refused()
    {
        _ledger.Open("ann", Money.Parse("1"));
        var first = Reserve(Shop.Ocr, 5);
        _ledger.Now += HalfMinute;

        var again = Assert.IsType<Reserved>(_ledger.Apply(Hold(Shop.Ocr, 5))[0]);

        Assert.Equal((true, first.Reservation), (again.Duplicate, again.Reservation));
        Assert.Equal(ErrorCodes.OperationIdReused, _ledger.Refuse(Hold(Shop.Ocr, 6)));
        Assert.IsType<Reserved>(_ledger.Apply(Hold(Shop.Ocr, 0 + 1, user: "bob", deadline: Shop.Now.AddHours(1)) with { Service = Shop.Call })[0]);
        Assert.Equal(Money.Parse("0.05"), _ledger.Reservations.Values.Single(held => held.Key.AccountId == _ledger.AccountId()).Held.Amount);
    }

    [Fact]
    public void Usage_that_names_the_reservation_is_paid_from_it()
    {
        _ledger.Open("ann", Money.Parse("1"));
        Reserve(Shop.Call, 25);

        var record = _ledger.Charge(Shop.Usage(quantity: 12, reservation: Id)).Record;

        Assert.Equal((10, Money.Parse("0.02"), Money.Parse("0.98")), (record.FreeUnits, record.Amount, record.BalanceAfter));
        Assert.Equal((new Hold(0, Money.Parse("0.13")), new Settled(12, 10, Money.Parse("0.02"))), (Stands.Held, Stands.Settled));
    }

    [Fact]
    public void A_duplicate_of_its_usage_takes_nothing_more_out_of_it()
    {
        _ledger.Open("ann", Money.Parse("1"));
        Reserve(Shop.Ocr, 10);
        var usage = Shop.Usage(Shop.Ocr, 4, reservation: Id);

        _ledger.Apply(new ChargeUsage(usage), new ChargeUsage(usage));
        _ledger.Apply(new ChargeUsage(usage));

        Assert.Equal(new Hold(0, Money.Parse("0.06")), Stands.Held);
    }

    [Fact]
    public void More_than_was_held_is_charged_as_any_usage_is()
    {
        _ledger.Open("ann", Money.Parse("0.03"));
        Reserve(Shop.Ocr, 3);

        var record = _ledger.Charge(Shop.Usage(Shop.Ocr, 5, reservation: Id)).Record;

        Assert.Equal((Money.Parse("0.05"), Money.Parse("-0.02")), (record.Amount, record.BalanceAfter));
        Assert.Equal(default, Stands.Held);
    }

    [Fact]
    public void What_the_hold_does_not_cover_goes_to_the_free_quota_before_the_balance()
    {
        _ledger.Open("ann", Money.Parse("1"));
        _ledger.Charge(Shop.Usage(quantity: 10));
        Reserve(Shop.Call, 3);
        _ledger.Apply(new GiveBackUsage(_ledger.Records.Keys.Single(), "ann", "eve", "gives ten free units back"));

        var record = _ledger.Charge(Shop.Usage(quantity: 5, reservation: Id)).Record;

        Assert.Equal((2, Money.Parse("0.03")), (record.FreeUnits, record.Amount));
    }

    [Fact]
    public void A_release_gives_back_what_is_left_to_where_it_came_from_and_once()
    {
        _ledger.Open("ann", Money.Parse("1"));
        Reserve(Shop.Call, 25);
        _ledger.Charge(Shop.Usage(quantity: 4, reservation: Id));

        var first = Assert.IsType<Released>(_ledger.Apply(new ReleaseHold(Id, "ann", null))[0]);
        var again = Assert.IsType<Released>(_ledger.Apply(new ReleaseHold(Id, "ann", null))[0]);

        Assert.Equal((false, new Hold(6, Money.Parse("0.15")), Money.Parse("1")), (first.Duplicate, first.GivenBack, first.Available));
        Assert.Equal((true, default(Hold)), (again.Duplicate, again.GivenBack));
        Assert.Equal((10, 4, 0), _ledger.FreeQuotas.Values.Single());
    }

    [Fact]
    public void A_release_with_the_final_count_keeps_what_is_still_on_its_way()
    {
        _ledger.Open("ann", Money.Parse("1"));
        Reserve(Shop.Ocr, 20);
        _ledger.Charge(Shop.Usage(Shop.Ocr, 5, reservation: Id));

        var released = Assert.IsType<Released>(_ledger.Apply(new ReleaseHold(Id, "ann", 8))[0]);
        Assert.Equal((new Hold(0, Money.Parse("0.12")), new Hold(0, Money.Parse("0.03"))), (released.GivenBack, released.Reservation.Held));
        Assert.Equal(ErrorCodes.OperationIdReused, _ledger.Refuse(new ReleaseHold(Id, "ann", 9)));
        Assert.Equal(ErrorCodes.ReservationClosed, _ledger.Refuse(Extend(1, 1)));

        _ledger.Charge(Shop.Usage(Shop.Ocr, 2, reservation: Id));
        Assert.Null(Stands.ClosedAt);
        _ledger.Charge(Shop.Usage(Shop.Ocr, 1, reservation: Id));
        Assert.NotNull(Stands.ClosedAt);
        Assert.Equal((Money.Parse("0.92"), 0), (_ledger.Balance(), Stands.LateQuantity));
    }

    [Fact]
    public void Usage_that_comes_after_the_close_is_charged_and_counted()
    {
        _ledger.Open("ann", Money.Parse("1"));
        Reserve(Shop.Ocr, 20);
        _ledger.Apply(new ReleaseHold(Id, "ann", null));

        _ledger.Charge(Shop.Usage(Shop.Ocr, 7, reservation: Id));

        Assert.Equal((Money.Parse("0.93"), 7), (_ledger.Balance(), Stands.LateQuantity));
    }

    [Fact]
    public void Past_its_time_it_pays_nothing_and_its_free_units_are_there_for_that_very_usage()
    {
        _ledger.Open("ann", Money.Parse("1"));
        Reserve(Shop.Call, 10);
        _ledger.Now = Stands.SettleBy.AddMicroseconds(1);

        var record = _ledger.Charge(Shop.Usage(quantity: 3, reservation: Id)).Record;

        Assert.Equal((3, Money.Zero), (record.FreeUnits, record.Amount));
        Assert.Equal((10, 3, 0), _ledger.FreeQuotas.Values.Single());
        Assert.Equal((default(Hold), 3), (Stands.Held, Stands.LateQuantity));
    }

    [Fact]
    public void A_sweep_takes_only_what_is_past_its_time()
    {
        _ledger.Open("ann", Money.Parse("1"));
        Reserve(Shop.Ocr, 20);
        _ledger.Now = Stands.SettleBy;

        Assert.True(Assert.IsType<Released>(_ledger.Apply(new SweepHold(Id, "ann"))[0]).Duplicate);
        Assert.Equal(Money.Parse("0.20"), Stands.Held.Amount);

        _ledger.Now += TimeSpan.FromMicroseconds(1);
        Assert.False(Assert.IsType<Released>(_ledger.Apply(new SweepHold(Id, "ann"))[0]).Duplicate);
        Assert.Equal((default(Hold), _ledger.Now), (Stands.Held, Stands.ClosedAt));
    }

    [Fact]
    public void Free_units_go_back_to_their_month_even_when_it_is_over()
    {
        _ledger.Now = new DateTimeOffset(2026, 6, 30, 23, 59, 50, TimeSpan.Zero);
        _ledger.Open("ann", Money.Parse("1"));
        Reserve(Shop.Call, 8);
        _ledger.Now += TimeSpan.FromSeconds(20);

        var record = _ledger.Charge(Shop.Usage(quantity: 3, at: _ledger.Now, reservation: Id)).Record;
        _ledger.Apply(new ReleaseHold(Id, "ann", null));

        Assert.Equal((new DateOnly(2026, 6, 1), 3), (record.QuotaMonth, record.FreeUnits));
        Assert.Equal((3, 0), (_ledger.FreeUnitsUsed(Shop.Call, 2026, 6), _ledger.FreeUnitsUsed(Shop.Call, 2026, 7)));
    }

    [Fact]
    public void Extensions_add_to_it_and_go_up_in_steps()
    {
        _ledger.Open("ann", Money.Parse("0.10"));
        Reserve(Shop.Ocr, 4);
        _ledger.Now += TimeSpan.FromSeconds(20);

        var first = Assert.IsType<Reserved>(_ledger.Apply(Extend(1, 5))[0]);
        Assert.Equal((1, 9, Money.Parse("0.01"), _ledger.Now + HalfMinute), (first.Reservation.Step, first.Reservation.Granted.Quantity, first.Available, first.Reservation.GrantUntil));
        Assert.True(Assert.IsType<Reserved>(_ledger.Apply(Extend(1, 5))[0]).Duplicate);
        Assert.Equal(ErrorCodes.OperationIdReused, _ledger.Refuse(Extend(1, 6)));

        // The funds end: the gateway can cut the stream, and keep what it has for longer.
        Assert.Equal(1L, Assert.IsType<Refused>(_ledger.Apply(Extend(2, 2))[0]).AffordableQuantity);
        Assert.IsType<Reserved>(_ledger.Apply(Extend(3, 0))[0]);
        Assert.Equal(ErrorCodes.StepPassed, _ledger.Refuse(Extend(2, 1)));
        Assert.Equal(Money.Parse("0.09"), Stands.Held.Amount);
    }

    [Fact]
    public void Past_its_deadline_nothing_is_set_aside()
    {
        _ledger.Open("ann", Money.Parse("1"));

        Assert.Equal(ErrorCodes.RequestExpired, _ledger.Refuse(Hold(Shop.Ocr, 1, deadline: Shop.Now.AddMicroseconds(-1))));
        Reserve(Shop.Ocr, 1);
        Assert.Equal(ErrorCodes.RequestExpired, _ledger.Refuse(Extend(1, 1) with { Deadline = Shop.Now.AddMicroseconds(-1) }));
    }

    [Fact]
    public void What_is_held_is_the_most_that_the_usage_can_cost()
    {
        _ledger.Open("ann", Money.Parse("1"));

        // A third of a nano each; rounded one by one, each may cost a whole one.
        Assert.Equal(new Money(5), Reserve(Shop.Crumb, 5).Reservation.Held.Amount);
        for (var i = 0; i < 5; i++) _ledger.Charge(Shop.Usage(Shop.Crumb, 1, reservation: Id));
        Assert.Equal(5, Stands.Settled.Quantity);
    }

    [Fact]
    public void A_price_that_rises_while_it_is_handed_out_is_held_already()
    {
        _ledger.Now = Shop.PriceRise.AddSeconds(-10);
        _ledger.Open("ann", Money.Parse("1"));

        var reserved = Reserve(Shop.Search, 8);

        Assert.Equal(new Hold(5, Money.Parse("0.06")), reserved.Reservation.Held);
        Assert.Equal(Money.Parse("0.03"), Assert.IsType<Reserved>(_ledger.Apply(Hold(Shop.Search, 3, id: Guid.CreateVersion7(), grantFor: TimeSpan.FromSeconds(9)))[0]).Reservation.Held.Amount);
    }

    [Fact]
    public void The_gateways_own_cost_is_held_for_the_paid_share_and_paid_by_what_each_usage_costs()
    {
        _ledger.Open("ann", Money.Parse("1"));
        var reserved = Assert.IsType<Reserved>(_ledger.Apply(Hold(Shop.Agent, 20, cost: "0.80"))[0]);
        Assert.Equal(new Hold(10, Money.Parse("0.40")), reserved.Reservation.Held);
        Assert.Equal(ErrorCodes.CostMissing, _ledger.Refuse(Hold(Shop.Agent, 20, id: Guid.CreateVersion7())));

        _ledger.Charge(Shop.Usage(Shop.Agent, 12, cost: "0.60", reservation: Id));
        Assert.Equal(new Hold(0, Money.Parse("0.30")), Stands.Held);

        // What the last unit will cost is not known: all the money stays until it comes.
        Assert.Equal(new Hold(0, Money.Parse("0.30")), Assert.IsType<Released>(_ledger.Apply(new ReleaseHold(Id, "ann", 13))[0]).Reservation.Held);
        _ledger.Charge(Shop.Usage(Shop.Agent, 1, cost: "0.05", reservation: Id));
        Assert.NotNull(Stands.ClosedAt);
    }

    [Fact]
    public void Nobody_pays_from_the_reservation_of_another_user_or_service()
    {
        _ledger.Open("ann", Money.Parse("1"));
        Reserve(Shop.Ocr, 10);

        _ledger.Charge(Shop.Usage(Shop.Ocr, 3, user: "bob", reservation: Id));
        _ledger.Charge(Shop.Usage(Shop.Llm, 1, cost: "0.05", reservation: Id));

        Assert.Equal((new Hold(0, Money.Parse("0.10")), Money.Parse("-0.03"), Money.Parse("0.95")), (Stands.Held, _ledger.Balance("bob"), _ledger.Balance()));
        Assert.Equal(ErrorCodes.ReservationNotFound, _ledger.Refuse(new ReleaseHold(Id, "bob", null)));
        Assert.Equal(ErrorCodes.ReservationNotFound, _ledger.Refuse(Extend(1, 1) with { Owner = "bob" }));
    }

    [Fact]
    public void In_debt_free_units_can_still_be_set_aside_and_money_cannot()
    {
        _ledger.Charge(Shop.Usage(Shop.Ocr, 10));

        Reserve(Shop.Call, 10);
        Assert.Equal(0L, Assert.IsType<Refused>(_ledger.Apply(Hold(Shop.Ocr, 1, id: Guid.CreateVersion7()))[0]).AffordableQuantity);
    }

    [Fact]
    public void More_than_money_can_count_is_refused_and_nothing_is_held()
    {
        _ledger.Open("ann", Money.Parse("1"));

        Assert.Equal(ErrorCodes.AmountOverflow, _ledger.Refuse(Hold(Shop.Dear, 2)));
        Assert.Empty(_ledger.Reservations);
    }

    ReservationState Stands => _ledger.Reservations[new ReservationKey(_ledger.AccountId(), Id)];

    Reserved Reserve(string service, long quantity) => Assert.IsType<Reserved>(_ledger.Apply(Hold(service, quantity))[0]);

    HoldFunds Hold(
        string service, long quantity, string? cost = null, Guid? id = null, string user = "ann", DateTimeOffset? deadline = null, TimeSpan? grantFor = null) =>
        new(id ?? Id, user, service, quantity, cost is null ? null : Money.Parse(cost), grantFor ?? HalfMinute, _ledger.Now, deadline ?? _ledger.Now.AddSeconds(5));

    ExtendHold Extend(int step, long quantity) => new(Id, "ann", step, quantity, null, HalfMinute, _ledger.Now.AddSeconds(5));
}
