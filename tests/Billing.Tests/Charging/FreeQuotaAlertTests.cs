using Billing.Service.Charging.Reservations;

namespace Billing.Tests.Charging;

/// <summary>Ten calls a month are free.</summary>
public sealed class FreeQuotaAlertTests
{
    readonly PlainLedger _ledger = new();

    FreeQuotaReached[] Told => [.. _ledger.Events.Select(told => told.Message).OfType<FreeQuotaReached>()];

    int[] Percentages => [.. Told.Select(told => told.Percent)];

    [Fact]
    public void Eighty_and_a_hundred_percent_are_told_by_the_commit_that_reaches_them()
    {
        Use(7);
        Assert.Empty(Told);
        Use(1);
        Assert.Equal([80], Percentages);
        Use(1);
        Assert.Equal([80], Percentages);
        Use(5);
        Assert.Equal([80, 100], Percentages);
        Use(100);

        Assert.Equal([80, 100], Percentages);
        Assert.Equal(new FreeQuotaReached { UserId = "ann", Service = Shop.Call, Month = "2026-06", Percent = 80, Used = 8, Granted = 10, OccurredAt = Shop.Now }, Told[0]);
    }

    [Fact]
    public void A_commit_that_passes_both_tells_both_with_its_figures()
    {
        Use(50);

        Assert.Equal([(80, 10L), (100, 10L)], Told.Select(told => (told.Percent, told.Used)));
    }

    [Fact]
    public void A_reversal_does_not_make_it_tell_a_second_time_in_the_month()
    {
        var usage = Use(9);
        _ledger.Apply(new GiveBackUsage(usage.UsageId, "ann", "eve", "test"));
        Use(9);
        var rest = Use(1);
        _ledger.Apply(new GiveBackUsage(rest.UsageId, "ann", "eve", "test"));
        Use(1);

        Assert.Equal([80, 100], Percentages);
    }

    [Fact]
    public void Each_month_and_each_service_is_told_for_itself()
    {
        Use(8);
        Use(8, at: Shop.Now.AddMonths(-1));
        Use(8, Shop.Agent);

        Assert.Equal([("2026-06", Shop.Call), ("2026-05", Shop.Call), ("2026-06", Shop.Agent)], Told.Select(told => (told.Month, told.Service)));
        Assert.Equal(3, _ledger.Events.Select(told => told.MessageId).Distinct().Count());
    }

    [Fact]
    public void What_a_reservation_holds_is_not_used_yet()
    {
        var id = Shop.NewId();
        _ledger.Apply(new HoldFunds(id, "ann", Shop.Call, 10, Cost: null, GrantFor: TimeSpan.FromMinutes(1), Shop.Now, Shop.Now.AddSeconds(5)));
        Assert.Empty(Told);

        _ledger.Charge(Shop.Usage(Shop.Call, 8, reservation: id));
        Assert.Equal([80], Percentages);
    }

    [Fact]
    public void What_had_been_reached_before_anybody_looked_is_not_told()
    {
        Use(9);
        _ledger.PercentagesTold.Clear();
        _ledger.Events.Clear();
        Use(1);

        Assert.Equal([100], Percentages);
    }

    Usage Use(long quantity, string service = Shop.Call, DateTimeOffset? at = null)
    {
        var usage = Shop.Usage(service, quantity, cost: service == Shop.Agent ? "1" : null, at: at);
        _ledger.Charge(usage);
        return usage;
    }
}
