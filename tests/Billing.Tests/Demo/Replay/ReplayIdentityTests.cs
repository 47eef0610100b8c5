using Billing.Contracts;
using Billing.Demo;
using Billing.Demo.Replay;
using Billing.Service.Charging;

namespace Billing.Tests.Demo.Replay;

/// <summary>The same recording again is the same usages: ids and contents, whatever its name and whenever it is replayed.</summary>
public sealed class ReplayIdentityTests
{
    const string Content = """
        10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /blog HTTP/1.1" 200 17
        10.0.0.2 - - [17/May/2015:10:05:03 +0000] "GET /blog HTTP/1.1" 200 17
        broken
        10.0.0.1 - - [19/May/2015:23:59:59 +0000] "GET /images HTTP/1.1" 200 17
        10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /blog HTTP/1.1" 200 17

        """;

    const string Tokens = "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805901,374,44\n2023-11-16 18:15:50.9951693,396,109\n";

    static readonly DateTimeOffset Now = new(2026, 6, 20, 12, 0, 0, 123, TimeSpan.Zero);

    [Theory]
    [InlineData(Content)]
    [InlineData(Tokens)]
    public void Replayed_again_under_another_name_and_later_ids_and_contents_are_the_same(string content)
    {
        using var first = new TraceText(content, "first.log");
        using var second = new TraceText(content, "second.txt");
        var memory = Path.Combine(first.Folder, "replay.json");

        var once = Usages(ReplayPlan.Of(first.Options, memory, Now));
        var again = Usages(ReplayPlan.Of(second.Options, memory, Now.AddDays(3)));

        Assert.NotEmpty(once);
        Assert.Equal(once, again);
        Assert.Equal(once.Select(HashOf), again.Select(HashOf));
        Assert.Equal(once.Count, once.Select(usage => usage.UsageId).Distinct().Count());
    }

    [Fact]
    public void The_order_in_which_lines_are_read_means_nothing_to_their_ids_and_contents()
    {
        using var trace = new TraceText(Content);
        var plan = ReplayPlan.Of(trace.Options, Path.Combine(trace.Folder, "replay.json"), Now);
        var lines = plan.File.Lines().Where(line => line.Call is not null).ToList();

        var shuffled = lines.AsEnumerable().Reverse().Select(line => plan.UsageOf(line.Number, line.Call!.Value)).ToDictionary(usage => usage.UsageId, HashOf);

        Assert.All(Usages(plan), usage => Assert.Equal(HashOf(usage), shuffled[usage.UsageId]));
    }

    [Fact]
    public void Another_content_has_other_ids()
    {
        using var trace = new TraceText(Content);
        using var other = new TraceText(Content + "\n");

        Assert.NotEqual(trace.Open().Id.UsageIdOf(1), other.Open().Id.UsageIdOf(1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10_000)]
    [InlineData(281_474_976_710_655)]
    public void An_id_names_its_line_and_carries_no_time(long line)
    {
        using var trace = new TraceText(Content);
        using var other = new TraceText(Tokens);
        var id = trace.Open().Id;

        Assert.Equal(line, id.LineOf(id.UsageIdOf(line)));
        Assert.EndsWith($"-{line:x12}", id.UsageIdOf(line).ToString());
        Assert.False(UsageIdentity.CarriesTime(id.UsageIdOf(line)));
        Assert.Null(other.Open().Id.LineOf(id.UsageIdOf(line)));
        Assert.Null(id.LineOf(Guid.Parse("ffffffff-ffff-ffff-ffff-ffffffffffff")));
    }

    [Fact]
    public void With_other_options_the_same_ids_would_have_other_contents_and_the_replay_is_refused()
    {
        using var trace = new TraceText(Tokens);
        var memory = Path.Combine(trace.Folder, "replay.json");
        ReplayPlan.Of(trace.Options, memory, Now);

        foreach (var options in new[] { trace.Options with { Seed = 43 }, trace.Options with { Users = 11 }, trace.Options with { Prices = new TokenPrices(Money.Parse("3.01"), Money.Parse("15.00")) } })
            Assert.Contains("other options", Assert.Throws<DemoFailure>(() => ReplayPlan.Of(options, memory, Now)).Message);
        Assert.Contains("anchor", Assert.Throws<DemoFailure>(() => ReplayPlan.Of(trace.Options with { Anchor = Now.AddHours(-1) }, memory, Now)).Message);
    }

    [Fact]
    public void An_anchor_that_cannot_be_charged_is_refused_and_not_remembered()
    {
        using var trace = new TraceText(Content);
        var memory = Path.Combine(trace.Folder, "replay.json");

        Assert.Contains("future", Assert.Throws<DemoFailure>(() => ReplayPlan.Of(trace.Options with { Anchor = Now.AddHours(1) }, memory, Now)).Message);
        Assert.Contains("days ago", Assert.Throws<DemoFailure>(() => ReplayPlan.Of(trace.Options with { Anchor = Now.AddDays(-34) }, memory, Now)).Message);
        Assert.False(ReplayPlan.Of(trace.Options, memory, Now).IsAnchorKnown);
    }

    static List<UsageOccurred> Usages(ReplayPlan plan) => [.. plan.File.Lines().Where(line => line.Call is not null).Select(line => plan.UsageOf(line.Number, line.Call!.Value))];

    static long HashOf(UsageOccurred usage) => ContentHash.Of(usage.UserId, usage.Service, usage.Quantity, usage.Cost, usage.OccurredAt);
}
