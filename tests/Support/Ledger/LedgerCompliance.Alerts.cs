using Billing.Service.Charging;

namespace Billing.TestSupport.Ledger;

/// <summary>What is told to people stands in the transaction that crossed, and what was told is remembered where the rows are.</summary>
public abstract partial class LedgerCompliance
{
    [Fact]
    public async Task A_low_balance_is_told_once_until_it_has_been_well_above()
    {
        var user = Ids.User("low");
        await Adjust(user, Money.Parse("10"));
        Assert.Equal((null, Money.Parse("5")), await Watch(user, Money.Parse("5")));
        await Adjust(user, Money.Parse("-4"));
        Assert.Equal(0, await Announced<BalanceLow>(user));

        await Adjust(user, Money.Parse("-2"));
        await Adjust(user, Money.Parse("1.40"));
        await Adjust(user, Money.Parse("-1"));
        Assert.Equal(1, await Announced<BalanceLow>(user));

        await Adjust(user, Money.Parse("1.10"));
        await Adjust(user, Money.Parse("-1"));
        Assert.Equal(2, await Announced<BalanceLow>(user));
        Assert.Equal((Money.Parse("5"), null), await Watch(user, null));
        await Adjust(user, Money.Parse("10"));
        await Adjust(user, Money.Parse("-12"));
        Assert.Equal(2, await Announced<BalanceLow>(user));
    }

    [Fact]
    public async Task A_threshold_is_set_once_by_its_id()
    {
        var watch = new WatchBalance(Ids.WithTime(), Ids.User("watched"), Money.Parse("5"), "eve", "a test");
        await Writer.Apply([watch], default);
        await Watch(watch.Owner, Money.Parse("7"));

        Assert.Equal(new BalanceWatched(null, Money.Parse("5"), Money.Zero, Duplicate: true), (await Writer.Apply([watch], default))[0]);
        Assert.Equal((Money.Parse("7"), Money.Parse("1")), await Watch(watch.Owner, Money.Parse("1")));
    }

    [Fact]
    public async Task A_used_up_free_quota_is_told_at_eighty_and_at_a_hundred_percent_once_a_month_whatever_is_given_back()
    {
        var user = Ids.User("used");
        var first = Auditor.Charged(TestUsage.Of(user, TestCatalogue.Image, 4));
        await Charge(first);
        Assert.Equal(1, await Announced<FreeQuotaReached>(user));

        await Writer.Apply([new GiveBackUsage(first.UsageId, user, "eve", "a test")], default);
        Auditor.Reversed(first);
        await Charge(Auditor.Charged(TestUsage.Of(user, TestCatalogue.Image, 4)));
        Assert.Equal(1, await Announced<FreeQuotaReached>(user));

        await Charge(Auditor.Charged(TestUsage.Of(user, TestCatalogue.Image, 9)));
        await Charge(Auditor.Charged(TestUsage.Of(user, TestCatalogue.Image, 9)));
        Assert.Equal(2, await Announced<FreeQuotaReached>(user));
    }

    [Fact]
    public async Task Of_two_instances_that_charge_at_once_one_tells_of_the_crossing()
    {
        var user = Ids.User("shared");
        var usages = Enumerable.Range(0, 40).Select(_ => Auditor.Charged(TestUsage.Of(user, TestCatalogue.Chat, 500))).ToArray();
        var (one, other) = (Ledger.NewWriter(), Ledger.NewWriter());
        await Task.WhenAll(usages.Select((usage, number) => (number % 2 == 0 ? one : other).Apply([usage.ToCharge()], default)));

        Assert.Equal(2, await Announced<FreeQuotaReached>(user));
    }

    async Task<(Money? Before, Money? After)> Watch(string user, Money? threshold)
    {
        var watched = Assert.IsType<BalanceWatched>((await Writer.Apply([new WatchBalance(Ids.WithTime(), user, threshold, "eve", "a test")], default))[0]);
        return (watched.Before, watched.After);
    }
}
