using Billing.TestSupport.Ledger;

namespace Billing.TestSupport.Queries;

/// <summary>What is no question, or has no answer.</summary>
public abstract partial class StatisticsCompliance
{
    [Fact]
    public async Task More_pieces_than_anybody_reads_are_refused_and_days_of_the_same_time_are_not()
    {
        var history = new History(Ledger, Ids.User("long"));
        await history.Add(At("2024-01-01T00:00:00Z"), At("2026-01-01T00:00:00Z"));
        var request = new GetStatistics { UserId = history.UserId, GroupBy = ["service", "hour"] };

        Assert.Equal(ErrorCodes.TooMany, (await Ask(request)).Code);
        Assert.Equal(2, (await Get(request with { GroupBy = ["day"] })).Items.Count);
        // A range without an end is no longer than what is in it.
        Assert.Single((await Get(request with { From = At("2025-06-01T00:00:00Z"), To = DateTimeOffset.MaxValue })).Items);
        Assert.Single((await Get(request with { From = DateTimeOffset.MinValue, To = At("2025-06-01T00:00:00Z") })).Items);
    }

    [Theory]
    [InlineData("Mars/Olympus")]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/localtime")]
    [InlineData("Asia/../Asia/Shanghai")]
    [InlineData("Asia")]
    [InlineData("+08:00")]
    [InlineData("Asia/Shanghai\n")]
    public async Task A_zone_that_nobody_knows_is_refused(string zone) =>
        Assert.Equal(ErrorCodes.InvalidTimeZone, (await Ask(new GetStatistics { UserId = "any", TimeZone = zone })).Code);

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_its_code_and_an_unknown_user_is_not_there()
    {
        var user = Ids.User("nobody");
        var request = new GetStatistics { UserId = user };
        foreach (var (wrong, code) in new[]
        {
            (request with { UserId = "two words" }, ErrorCodes.InvalidUserId),
            (request with { Period = "yesterday" }, ErrorCodes.InvalidRange),
            (request with { Period = "today", From = At("2026-06-15T00:00:00Z") }, ErrorCodes.InvalidRange),
            (request with { From = At("2026-06-15T00:00:00Z"), To = At("2026-06-14T00:00:00Z") }, ErrorCodes.InvalidRange),
            (request with { Service = "nothing" }, ErrorCodes.UnknownService),
            (request with { GroupBy = ["week"] }, ErrorCodes.InvalidGrouping),
            (request with { GroupBy = ["day", "hour"] }, ErrorCodes.InvalidGrouping),
            (request with { GroupBy = ["day", "day"] }, ErrorCodes.InvalidGrouping),
            (request with { GroupBy = null! }, ErrorCodes.InvalidGrouping),
            (request, ErrorCodes.AccountNotFound),
        })
        {
            var answer = await Ask(wrong);
            Assert.Equal((code, null, 0), (answer.Code, answer.Total, answer.Items.Count));
        }
        Assert.Equal(0, await Ledger.Count("select count(*) from account where user_id = $1", user));
    }
}
