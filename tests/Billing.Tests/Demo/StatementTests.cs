using Billing.Contracts;
using Billing.Demo.Web;

namespace Billing.Tests.Demo;

/// <summary>What a visitor of the web page notices.</summary>
public sealed class StatementTests
{
    [Fact]
    public void Movements_that_follow_each_other_are_well() =>
        Assert.Empty(Statement.Problems([Entry(1, "10", "10"), Usage(2, "3", "7"), Usage(3, "0", "7")], upTo: 3));

    [Fact]
    public void What_came_while_the_pages_were_turned_may_be_shown_or_not() =>
        Assert.Empty(Statement.Problems([Entry(1, "10", "10"), Usage(2, "3", "7"), Usage(5, "1", "2")], upTo: 2));

    [Theory]
    [InlineData("2 of 3 is not shown", 1, 3)]
    [InlineData("3 of 3 is not shown", 1, 2)]
    [InlineData("movement 2 is shown 2 times", 1, 2, 2, 3)]
    public void A_movement_that_is_missing_or_shown_twice_is_noticed(string problem, params int[] shown)
    {
        Movement[] all = [Entry(1, "10", "10"), Usage(2, "3", "7"), Usage(3, "1", "6")];

        Assert.Contains(Statement.Problems([.. shown.Select(number => all[number - 1])], upTo: 3), found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_balance_that_does_not_follow_is_noticed() =>
        Assert.Contains("after movement 2 the balance is shown as 8", Assert.Single(Statement.Problems([Entry(1, "10", "10"), Usage(2, "3", "8")], upTo: 2)));

    [Fact]
    public void Statistics_are_held_against_the_records_alone()
    {
        var sums = Statement.Sums([Entry(1, "10", "10"), Usage(2, "3", "7"), Usage(3, "1", "6"), Usage(4, "1", "5")], upTo: 3);

        Assert.Equal(new UsageSums(2, 4, 2, 2, Money.Parse("8"), Money.Parse("4")), sums);
        Assert.True(sums.IsNotLessThan(sums));
        Assert.False((sums with { Amount = Money.Parse("3.99") }).IsNotLessThan(sums));
    }

    static Movement Entry(long number, string amount, string after) => new(number, Money.Parse(amount), Money.Parse(after), null);

    // Two units, one of them free, so that the cost is twice the amount.
    static Movement Usage(long number, string amount, string after) => new(number, -Money.Parse(amount), Money.Parse(after), new RecordLine
    {
        UsageId = Guid.Empty,
        Service = "chat",
        Quantity = 2,
        FreeUnits = 1,
        PaidUnits = 1,
        Cost = Money.Parse(amount) + Money.Parse(amount),
        Amount = Money.Parse(amount),
        PriceVersion = 1,
        QuotaMonth = "2026-06",
        BalanceAfter = Money.Parse(after),
        FreeUnitsAfter = 0,
        OccurredAt = default,
        ChargedAt = default,
        Reversed = false,
    });
}
