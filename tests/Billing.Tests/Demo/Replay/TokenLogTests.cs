using System.Globalization;
using Billing.Contracts;
using Billing.Demo.Replay;

namespace Billing.Tests.Demo.Replay;

/// <summary>Recordings of an LLM service. Prices are 3.00 and 15.00 for a million tokens.</summary>
public sealed class TokenLogTests
{
    const string Heading = "TIMESTAMP,ContextTokens,GeneratedTokens";

    [Theory]
    [InlineData(Heading, "2023-11-16 18:15:46.6805900,374,44", "0.001782", "2023-11-16T18:15:46.68059Z")]
    [InlineData(Heading, "2024-05-10 00:00:00.009930+00:00,2162,5", "0.006561", "2024-05-10T00:00:00.00993Z")]
    [InlineData(Heading, "2024-05-10T02:00:00+0200,0,0", "0", "2024-05-10T00:00:00Z")]
    [InlineData(Heading, "2024-05-10 00:00:00Z,1,0", "0.000003", "2024-05-10T00:00:00Z")]
    [InlineData(Heading, "2024-05-10 00:00:00.123456789, 1 ,0", "0.000003", "2024-05-10T00:00:00.1234567Z")]
    [InlineData("generatedtokens,Model,timestamp,CONTEXTTOKENS", "5,\"gpt, the \"\"big\"\" one\",2024-05-10 00:00:00,2162", "0.006561", "2024-05-10T00:00:00Z")]
    [InlineData("\"TIMESTAMP\",\"ContextTokens\",\"GeneratedTokens\"", "\"2023-11-16 18:15:46\",\"374\",\"44\"", "0.001782", "2023-11-16T18:15:46Z")]
    public void A_line_is_a_call_at_its_price(string heading, string line, string cost, string at)
    {
        var (call, problem) = Log(heading).Read(2, line);

        Assert.Null(problem);
        Assert.Equal((TokenLog.Service, Money.Parse(cost), DateTimeOffset.Parse(at, CultureInfo.InvariantCulture)), (call!.Value.Service, call.Value.Cost!.Value, call.Value.At));
        Assert.Equal(((long)1, (Int128)Money.Parse(cost).Nanos), Counted(heading, line));
    }

    [Theory]
    [InlineData("2023-11-16 18:15:46,374", "there are 2 fields")]
    [InlineData("yesterday,374,44", "TIMESTAMP is 'yesterday'")]
    [InlineData("2023-02-30 18:15:46,374,44", "TIMESTAMP is")]
    [InlineData("1600-02-03 18:15:46,374,44", "TIMESTAMP is")]
    [InlineData("2023-11-16 18:15:46,-1,44", "ContextTokens is '-1'")]
    [InlineData("2023-11-16 18:15:46,1.5,44", "ContextTokens is '1.5'")]
    [InlineData("2023-11-16 18:15:46,374,", "GeneratedTokens is ''")]
    [InlineData("2023-11-16 18:15:46,374,99999999999999999999", "GeneratedTokens is")]
    [InlineData("2023-11-16 18:15:46,374,\"44", "a field in quotes does not end")]
    [InlineData("2023-11-16 18:15:46,\"374\"0,44", "a field in quotes does not end, or goes on")]
    public void A_malformed_line_is_told_with_what_is_wrong(string line, string reason)
    {
        var (call, problem) = Log(Heading).Read(2, line);

        Assert.Null(call);
        Assert.StartsWith(reason, problem);
    }

    [Fact]
    public void Half_a_nano_is_rounded_up_once_for_the_call()
    {
        var options = TraceText.OptionsOf("") with { Prices = new TokenPrices(Money.Parse("0.0005"), Money.Parse("0.0005")) };
        var log = TokenLog.ByHeading(Heading, options)!;

        // 0.5 nanos for each of three tokens: 1.5, and not three times 1.
        Assert.Equal(new Money(2), log.Read(2, "2023-11-16 18:15:46,1,2").Call!.Value.Cost);
    }

    [Fact]
    public void Users_follow_from_seed_and_line_and_the_first_calls_most()
    {
        var counts = Enumerable.Range(2, 5_000).Select(line => UserOf(line, seed: 42)).CountBy(user => user).ToDictionary();

        // 1/n of the harmonic sum over ten users: 34 %, 17 %, ... 3 %.
        Assert.InRange(counts["user-0001"], 1_550, 1_870);
        Assert.InRange(counts["user-0002"], 750, 960);
        Assert.InRange(counts["user-0010"], 110, 230);
        Assert.Equal(UserOf(77, seed: 42), UserOf(77, seed: 42));
        Assert.Contains(Enumerable.Range(2, 100), line => UserOf(line, seed: 42) != UserOf(line, seed: 43));
    }

    static string UserOf(long line, int seed) =>
        TokenLog.ByHeading(Heading, TraceText.OptionsOf("") with { Seed = seed })!.Read(line, "2023-11-16 18:15:46,374,44").Call!.Value.User;

    static TokenLog Log(string heading) => TokenLog.ByHeading(heading, TraceText.OptionsOf(""))!;

    static (long Calls, Int128 CostNanos) Counted(string heading, string line)
    {
        using var trace = new TraceText($"{heading}\n{line}\n");
        var plan = ReplayPlan.Of(trace.Options, Path.Combine(trace.Folder, "replay.json"), DateTimeOffset.UnixEpoch.AddYears(60));
        return FileCount.Of(plan, TimeZoneInfo.Utc).Values.Single();
    }
}
