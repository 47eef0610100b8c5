using Billing.Service.Charging;
using Billing.Service.Queries;
using Billing.TestSupport.Ledger;

namespace Billing.TestSupport.Queries;

/// <summary>Answers while usage is charged.</summary>
public abstract partial class StatisticsCompliance
{
    [Fact]
    public async Task An_answer_is_of_one_moment_whatever_is_charged_meanwhile()
    {
        var history = new History(Ledger, Ids.User("moment"));
        await history.Add(At("2026-06-15T00:00:00Z"), At("2026-06-16T00:00:00Z"));
        Assert.Null(TimeRange.Of(null, null, out var all));
        await using var snapshot = (await _readers.Statistics.Open(history.UserId, default))!;
        var extent = await snapshot.Extent(all, default);
        await history.Add(At("2026-06-14T00:00:00Z"), At("2026-06-15T12:00:00Z"), At("2026-06-17T00:00:00Z"));

        Assert.Equal((At("2026-06-15T00:00:00Z"), At("2026-06-16T00:14:59.999999Z")), extent);
        Assert.Equal(2, Assert.Single(await snapshot.Sum(all, null, [], default)).Sums.Usages);
    }

    [Theory]
    [InlineData(RollUps.EntriesMin - 100)]
    [InlineData(RollUps.EntriesMin + 1)]
    public async Task What_is_charged_while_it_is_read_is_in_an_answer_wholly_or_not_at_all(long firstNumber)
    {
        const int Batches = 40;
        var history = new History(Ledger, Ids.User("busy"), firstNumber);
        var (from, to) = (At("2026-06-15T00:07:00Z"), At("2026-06-15T03:08:00Z"));
        // One in each part of the range that is read by itself, the last two in one bucket of another service.
        History.Call[] calls = [new(from), new(from.AddHours(1)), new(to.AddMinutes(-1)), new(from.AddHours(2), TestCatalogue.Chat), new(from.AddHours(2), TestCatalogue.Chat)];
        await history.Add(calls);
        var charging = Task.Run(async () =>
        {
            for (var batch = 1; batch < Batches; batch++)
            {
                await history.Add(calls);
                await history.Reverse(history.Records[^1].UsageId);
            }
        });

        var usages = 0L;
        do
        {
            var answer = await Get(new GetStatistics { UserId = history.UserId, From = from, To = to, GroupBy = ["service", "hour"] });
            var total = answer.Total!;
            Assert.Equal((0, answer.Items.Sum(item => item.Usages)), (total.Usages % calls.Length, total.Usages));
            Assert.Equal(total.Usages / calls.Length, Assert.Single(answer.Items, item => item.Service == TestCatalogue.Search && item.From == from).Usages);
            Assert.InRange(total.ReversedUsages, total.Usages / calls.Length - 2, total.Usages / calls.Length - 1);
            Assert.InRange(total.Usages, usages, Batches * calls.Length);
            usages = total.Usages;
        }
        while (!charging.IsCompleted || usages < Batches * calls.Length);
        await charging;
    }
}
