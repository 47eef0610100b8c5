using Billing.Contracts;
using Billing.Service.Charging;
using Billing.Service.Charging.Reservations;
using Xunit;

namespace Billing.Tests.Audit;

/// <summary>Holds that do not add up.</summary>
public abstract partial class AuditSuite
{
    readonly Guid _reservation = Guid.Parse("c0ffee00-1d1d-4a4a-8b8b-123456789abc");

    [Fact]
    public async Task Reservations_open_settled_and_released_hold()
    {
        await Reserve();
        Assert.True((await Ledger.Audit()).Holds);

        await Ledger.Apply(new ReleaseHold(_reservation, "bob", null));
        Assert.True((await Ledger.Audit()).Holds);
    }

    [Theory]
    [InlineData("update account set held_nanos = held_nanos + 1 where user_id = 'bob'")]
    [InlineData("update account set held_nanos = 1 where user_id = 'carol'")]
    [InlineData("update account set held_nanos = -1 where user_id = 'erin'")]
    public async Task Money_held_by_no_reservation_is_seen(string damage)
    {
        await Reserve();
        await Ledger.Damage(damage);
        await AssertViolated("nanos held, its open reservations hold", "holds");
    }

    [Fact]
    public async Task Free_units_held_by_no_reservation_are_seen()
    {
        await Reserve();
        await Ledger.Damage("update free_quota set held = held + 1 where used = 333");
        await AssertViolated("user dave, service 2", "holds");
    }

    [Fact]
    public async Task A_reservation_whose_free_units_nobody_counts_is_seen()
    {
        await Reserve();
        await Ledger.Damage("update free_quota set held = 0 where held > 0");
        await AssertViolated("0 free units held, its open reservations hold 30", "holds");
    }

    [Theory]
    [InlineData("closed_at = granted_at")]
    [InlineData("amount_nanos = amount_held_nanos - 1")]
    [InlineData("free_units = 0, settled_free_units = 1")]
    [InlineData("settled_nanos = 1")]
    public async Task A_reservation_that_holds_more_than_it_may_is_seen(string change)
    {
        await Reserve();
        await Ledger.Damage($"update reservation set {change}");
        Assert.Contains(await Violated(), invariant => invariant == "holds");
    }

    [Fact]
    public async Task Money_set_aside_that_was_not_there_is_seen()
    {
        await Reserve();
        await Ledger.Damage("update account set held_nanos = balance_nanos + 1 where user_id = 'bob'");
        await Ledger.Damage("update reservation set amount_nanos = (select held_nanos from account where user_id = 'bob'), amount_held_nanos = (select held_nanos from account where user_id = 'bob') where amount_nanos > 0");
        await AssertViolated("and nothing has moved since it was set aside", "holds");
    }

    [Fact]
    public async Task Usage_that_had_happened_may_take_the_balance_below_what_is_held()
    {
        await Reserve();
        await Ledger.Apply(Story.ChargeNow("bob", "search", 100_000));

        Assert.True((await Ledger.Audit()).Holds);
    }

    [Fact]
    public async Task An_overdraft_limit_that_fell_below_what_is_held_is_seen()
    {
        var now = TimeProvider.System.GetUtcNow();
        await Ledger.Apply(new LimitOverdraft(Story.NewId(), "carol", Money.Parse("1"), "operator-1", "trusted"));
        await Ledger.Apply(new HoldFunds(_reservation, "carol", "search", 100, null, TimeSpan.FromMinutes(1), now, now.AddMinutes(1)));

        Assert.True((await Ledger.Audit()).Holds);
        await Ledger.Damage("update account set overdraft_limit_nanos = 0 where user_id = 'carol'");
        await AssertViolated("user carol", "holds");
    }

    /// <summary>Bob has an amount set aside, and Dave free units.</summary>
    async Task Reserve()
    {
        var now = TimeProvider.System.GetUtcNow();
        await Ledger.Apply(
            new HoldFunds(_reservation, "bob", "search", 100, null, TimeSpan.FromMinutes(1), now, now.AddMinutes(1)),
            new HoldFunds(_reservation, "dave", "chat", 30, null, TimeSpan.FromMinutes(1), now, now.AddMinutes(1)));
    }

    async Task<IEnumerable<string>> Violated() => (await Ledger.Audit()).Invariants.Where(invariant => invariant.Violations > 0).Select(invariant => invariant.Name);
}
