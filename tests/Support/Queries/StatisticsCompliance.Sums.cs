namespace Billing.TestSupport.Queries;

/// <summary>What adds up to more than 64 bits.</summary>
public abstract partial class StatisticsCompliance
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Sums_are_exact_up_to_the_last_nano_and_beyond_it_are_refused(long more)
    {
        var history = new History(Ledger, Ids.User("rich"));
        var half = new Money(long.MaxValue / 2);
        await history.Add([
            new History.Call(At("2026-06-15T00:00:00Z")) { Cost = half, Amount = half },
            new History.Call(At("2026-06-16T00:00:00Z")) { Cost = half, Amount = half },
            new History.Call(At("2026-06-17T00:00:00Z"), TestCatalogue.Chat) { Cost = new Money(1 + more), Amount = new Money(1 + more) },
        ]);
        var answer = await Ask(new GetStatistics { UserId = history.UserId, GroupBy = ["day"] });

        if (more == 0) Assert.Equal((null, new Money(long.MaxValue)), (answer.Code, answer.Total!.Amount));
        else Assert.Equal((ErrorCodes.AmountOverflow, null, 0), (answer.Code, answer.Total, answer.Items.Count));
        Assert.Equal(new Money(long.MaxValue - 1), (await Get(new GetStatistics { UserId = history.UserId, Service = TestCatalogue.Search })).Total!.Cost);
    }

    [Fact]
    public async Task Sums_that_need_more_than_64_bits_never_wrap()
    {
        var history = new History(Ledger, Ids.User("wrap"));
        // Added up in 64 bits, these would come out at a harmless amount.
        await history.Add(Enumerable.Range(0, 5).Select(number => new History.Call(At("2026-06-15T00:00:00Z").AddSeconds(number)) { Cost = new Money(long.MaxValue), Amount = new Money(long.MaxValue) }));

        Assert.Equal(ErrorCodes.AmountOverflow, (await Ask(new GetStatistics { UserId = history.UserId })).Code);
    }
}
