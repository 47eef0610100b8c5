using Billing.Service.Charging;
using Billing.Service.Charging.Reservations;
using Billing.Service.Ledger;

namespace Billing.TestSupport.Ledger;

/// <summary>Reservations, as the database keeps them.</summary>
public abstract partial class LedgerCompliance
{
    [Fact]
    public async Task What_a_reservation_holds_is_kept_paid_from_and_given_back_by_whichever_instance()
    {
        var user = Ids.User("lease");
        await Adjust(user, new Money(1_000_000_000));
        var hold = Hold(user, TestCatalogue.Image, 25);

        var first = await Reserved(Writer, hold);
        Assert.Equal((new Grant(25, 5, new Money(800_000_000)), 0, new Money(200_000_000)), (first.Reservation.Granted, first.FreeUnitsLeft, first.Available));
        Assert.Equal((5, 800_000_000), (await FreeUnitsHeld(user), await MoneyHeld(user)));

        var again = await Reserved(Ledger.NewWriter(), hold);
        Assert.Equal((true, first.Reservation), (again.Duplicate, again.Reservation));

        var extended = await Reserved(Ledger.NewWriter(), Extend(hold, step: 1, quantity: 3));
        Assert.Equal((new Grant(28, 5, new Money(920_000_000)), 1), (extended.Reservation.Granted, extended.Reservation.Step));

        await Charge(Auditor.Charged(TestUsage.Of(user, TestCatalogue.Image, 9) with { ReservationId = hold.ReservationId }));
        Assert.Equal((0, 760_000_000), (await FreeUnitsHeld(user), await MoneyHeld(user)));

        var released = Assert.IsType<Released>((await Ledger.NewWriter().Apply([new ReleaseHold(hold.ReservationId, user, 11)], default))[0]);
        Assert.Equal((new Money(680_000_000), new Money(80_000_000)), (released.GivenBack.Amount, released.Reservation.Held.Amount));
        await Charge(Auditor.Charged(TestUsage.Of(user, TestCatalogue.Image, 2) with { ReservationId = hold.ReservationId }));

        Assert.Equal((0, 0), (await FreeUnitsHeld(user), await MoneyHeld(user)));
        Assert.Equal(1, await Ledger.Count("select count(*) from reservation where closed_at is not null and settled_quantity = 11 and settled_nanos = 240000000"));
    }

    [Fact]
    public async Task Many_instances_at_once_never_promise_the_same_money_twice()
    {
        var user = Ids.User("crowd");
        await Adjust(user, new Money(200_000_000));

        // A hundred searches are covered; eight instances ask for twelve times seven each.
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var writer = Ledger.NewWriter();
            var granted = 0;
            for (var i = 0; i < 12; i++)
                if ((await writer.Apply([Hold(user, TestCatalogue.Search, 7)], default))[0] is Reserved) granted += 7;
            return granted;
        })));

        Assert.Equal(98, outcomes.Sum());
        Assert.Equal(196_000_000, await MoneyHeld(user));
    }

    [Fact]
    public async Task Free_units_set_aside_at_once_by_two_instances_are_those_of_the_month()
    {
        var user = Ids.User("free");
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Ledger.NewWriter().Apply([Hold(user, TestCatalogue.Image, 3)], default))));

        Assert.Single(both, outcome => outcome[0] is Reserved);
        Assert.Equal(2L, Assert.Single(both.Select(outcome => outcome[0]).OfType<Refused>()).AffordableQuantity);
        Assert.Equal(3, await FreeUnitsHeld(user));
    }

    [Fact]
    public async Task What_is_overdue_is_found_swept_once_and_forgotten()
    {
        var user = Ids.User("late");
        await Adjust(user, new Money(1_000_000_000));
        var (overdue, open) = (Hold(user, TestCatalogue.Search, 10), Hold(user, TestCatalogue.Search, 20));
        await Writer.Apply([overdue, open], default);
        var past = Cut(Ledger.Now.AddMinutes(-1));
        await Ledger.Execute("update reservation set grant_until = $2, settle_by = $2 where reservation_id = $1", overdue.ReservationId, past);

        var rows = new ReservationRows(Ledger.Database);
        var found = (await rows.Overdue(Ledger.Now, 1_000, default)).Where(one => one.UserId == user).ToList();
        Assert.Equal([(user, overdue.ReservationId)], found);
        Assert.Equal(20_000_000, Assert.IsType<Released>((await Writer.Apply([new SweepHold(overdue.ReservationId, user)], default))[0]).GivenBack.Amount.Nanos);
        Assert.True(Assert.IsType<Released>((await Writer.Apply([new SweepHold(overdue.ReservationId, user)], default))[0]).Duplicate);
        Assert.Equal(40_000_000, await MoneyHeld(user));

        Assert.DoesNotContain(await rows.Overdue(Ledger.Now, 1_000, default), one => one.UserId == user);
        Assert.Equal(0, await rows.ForgetClosed(past, 1_000, default));
        await rows.ForgetClosed(Ledger.Now.AddMinutes(5), 1_000, default);
        Assert.Equal(1, await Ledger.Count("select count(*) from reservation r join account a on a.account_id = r.account_id where a.user_id = $1", user));
    }

    [Theory]
    [InlineData("amount_held_nanos = amount_nanos + 1")]
    [InlineData("free_units_held = -1")]
    [InlineData("settled_nanos = 1")]
    [InlineData("closed_at = granted_at")]
    [InlineData("funds_available_nanos = -1")]
    public async Task The_database_itself_refuses_a_reservation_that_makes_no_sense(string nonsense)
    {
        var user = Ids.User("sense");
        await Adjust(user, new Money(1_000_000_000));
        await Writer.Apply([Hold(user, TestCatalogue.Search, 10)], default);

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => Ledger.Execute($"update reservation set {nonsense}"));
        Assert.Equal(FailureKind.Unwritable, Ledger.NewStore().Classify(exception));
    }

    HoldFunds Hold(string userId, string service, long quantity) =>
        new(Ids.WithoutTime(), userId, service, quantity, null, TimeSpan.FromSeconds(30), Ledger.Now, Ledger.Now.AddMinutes(5));

    ExtendHold Extend(HoldFunds hold, int step, long quantity) =>
        new(hold.ReservationId, hold.Owner, step, quantity, null, TimeSpan.FromSeconds(30), Ledger.Now.AddMinutes(5));

    static async Task<Reserved> Reserved(LedgerWriter writer, ReservationOperation operation) => Assert.IsType<Reserved>((await writer.Apply([operation], default))[0]);

    Task<long> MoneyHeld(string userId) => Ledger.Count("select held_nanos from account where user_id = $1", userId);

    Task<long> FreeUnitsHeld(string userId) =>
        Ledger.Count("select coalesce(sum(q.held), 0) from free_quota q join account a on a.account_id = q.account_id where a.user_id = $1", userId);
}
