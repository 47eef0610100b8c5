using Billing.Service.Charging.Alerts;
using Billing.Service.Charging.Reservations;

namespace Billing.Tests.Charging;

public sealed class BalanceAlertTests
{
    readonly PlainLedger _ledger = new(Shop.Rules() with { Alerts = new AlertRules(Money.Parse("5"), RearmPercent: 10) });

    BalanceLow[] Told => [.. _ledger.Events.Select(told => told.Message).OfType<BalanceLow>()];

    // After each step of so many cents, whether it told; the threshold is 5.00, and it is armed again from 5.50 on.
    [Theory]
    [InlineData("10.00", "-5.00")]                                   // exactly at the threshold is not below it
    [InlineData("10.00", "-5.01!")]
    [InlineData("10.00", "-6.00!", "-1.00", "-20.00")]               // once, however far it goes
    [InlineData("10.00", "-6.00!", "1.49", "-1.00")]                 // 5.49 is not enough
    [InlineData("10.00", "-6.00!", "1.50", "-1.00!")]                // 5.50 is
    [InlineData("10.00", "-6.00!", "1.00", "0.30", "0.30", "-2.00!")] // in steps, too
    [InlineData("3.00", "-1.00", "1.00", "2.00", "-0.01!")]          // who never was above is not told; who comes above and falls is
    [InlineData("4.99", "-9.00")]
    [InlineData("10.00", "-20.00!", "100", "-99!")]
    public void Each_crossing_is_told_once_and_again_only_after_it_was_well_above(string opening, params string[] steps)
    {
        _ledger.Open("ann", Money.Parse(opening));
        foreach (var step in steps)
        {
            var before = Told.Length;
            Move(step.TrimEnd('!'));
            Assert.Equal(step.EndsWith('!') ? 1 : 0, Told.Length - before);
        }
    }

    [Fact]
    public void The_figures_are_those_after_the_commit_whatever_happened_inside_it()
    {
        _ledger.Open("ann", Money.Parse("6"), overdraftLimit: Money.Parse("1"));
        _ledger.Apply(new ChargeUsage(Shop.Usage(Shop.Ocr, 200)), new ChargeUsage(Shop.Usage(Shop.Ocr, 150)));

        Assert.Equal(new BalanceLow
        {
            UserId = "ann", Available = Money.Parse("3.50"), Balance = Money.Parse("2.50"), Threshold = Money.Parse("5"), Currency = Shop.Currency, OccurredAt = Shop.Now,
        }, Assert.Single(Told));
    }

    [Fact]
    public void A_batch_that_ends_where_nobody_needs_to_worry_tells_nothing()
    {
        _ledger.Open("ann", Money.Parse("6"));
        _ledger.Apply(new ChargeUsage(Shop.Usage(Shop.Ocr, 300)), new CreditRecharge(Shop.NewId(), "ann", Money.Parse("2")));

        Assert.Empty(Told);
    }

    [Fact]
    public void What_a_reservation_sets_aside_is_not_available_and_each_crossing_by_it_is_a_message_of_its_own()
    {
        _ledger.Open("ann", Money.Parse("6"));
        for (var round = 1; round <= 2; round++)
        {
            var id = Shop.NewId();
            _ledger.Apply(new HoldFunds(id, "ann", Shop.Ocr, 200, Cost: null, GrantFor: TimeSpan.FromMinutes(1), Shop.Now, Shop.Now.AddSeconds(5)));
            Assert.Equal(round, Told.Length);
            _ledger.Apply(new ReleaseHold(id, "ann", UsedQuantity: null));
        }

        Assert.Equal(Money.Parse("4"), Told[0].Available);
        Assert.Equal(2, _ledger.Events.Select(told => told.MessageId).Distinct().Count());
    }

    [Fact]
    public void An_accounts_own_threshold_goes_before_the_deployments_and_can_be_taken_away_again()
    {
        _ledger.Open("ann", Money.Parse("10"));
        Assert.Equal(new BalanceWatched(null, Money.Parse("2"), Money.Parse("10"), Duplicate: false), Watch("2"));
        Move("-7");
        Assert.Empty(Told);
        Move("-1.50");
        Assert.Equal(Money.Parse("2"), Assert.Single(Told).Threshold);

        Assert.Equal(Money.Parse("2"), Assert.IsType<BalanceWatched>(Watch(null)).Before);
        Move("10");
        Move("-9");
        Assert.Equal(Money.Parse("5"), Told[^1].Threshold);
        Assert.Equal(2, Told.Length);
    }

    [Fact]
    public void A_threshold_above_what_is_there_tells_nothing_until_it_has_been_crossed_from_above()
    {
        _ledger.Open("ann", Money.Parse("10"));
        Watch("20");
        Move("-1");
        Assert.Empty(Told);
        Move("11");
        Move("-0.01");
        Assert.Single(Told);
    }

    [Fact]
    public void A_lower_threshold_arms_what_was_told_by_the_higher_one()
    {
        _ledger.Open("ann", Money.Parse("10"));
        Move("-5.01");
        Watch("1");
        Move("-4.50");

        Assert.Equal([Money.Parse("5"), Money.Parse("1")], Told.Select(told => told.Threshold));
    }

    [Fact]
    public void Without_any_threshold_nothing_is_told()
    {
        var ledger = new PlainLedger();
        ledger.Open("ann", Money.Parse("10"));
        ledger.Apply(new AdjustFunds(Shop.NewId(), "ann", Money.Parse("-9.99"), "eve", "test"));

        Assert.Empty(ledger.Events);
    }

    [Fact]
    public void A_threshold_is_set_once_by_its_id_and_stands_in_the_log()
    {
        var watch = new WatchBalance(Shop.NewId(), "ann", Money.Parse("2"), "eve", "asked for it");
        _ledger.Open("ann", Money.Parse("1"));
        _ledger.Apply(watch);
        Watch("3");

        Assert.Equal(new BalanceWatched(null, Money.Parse("2"), Money.Parse("1"), Duplicate: true), _ledger.Apply(watch)[0]);
        Assert.Equal(ErrorCodes.OperationIdReused, _ledger.Refuse(watch with { Threshold = null }));
        Assert.Equal(ErrorCodes.OperationIdReused, _ledger.Refuse(watch with { Owner = "bob" }));
        var act = _ledger.Acts[(ActKinds.SetBalanceAlert, watch.OperationId)];
        Assert.Equal(("eve", "asked for it", null, "2.00"), (act.Actor, act.Reason, act.Changes[0].Before, act.Changes[0].After));
    }

    [Fact]
    public void At_the_ends_of_what_money_can_count_the_margin_does_not_overflow()
    {
        var alert = new BalanceAlert(new Money(long.MaxValue), Told: false);

        Assert.Equal((alert with { Told = true }, true), alert.Pass(new Money(long.MaxValue), new Money(long.MinValue), AlertRules.Default));
    }

    Outcome Watch(string? threshold) => _ledger.Apply(new WatchBalance(Shop.NewId(), "ann", threshold is null ? null : Money.Parse(threshold), "eve", "test"))[0];

    void Move(string amount) => _ledger.Apply(new AdjustFunds(Shop.NewId(), "ann", Money.Parse(amount), "eve", "test"));
}
