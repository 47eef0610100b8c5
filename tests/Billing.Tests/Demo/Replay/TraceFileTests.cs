using System.Text;
using Billing.Demo;
using Billing.Demo.Replay;

namespace Billing.Tests.Demo.Replay;

/// <summary>Files as they come: which format they have, and how their lines are numbered.</summary>
public sealed class TraceFileTests
{
    const string Log = """10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /blog HTTP/1.1" 200 17""";
    const string Tokens = "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.68,374,44";

    [Theory]
    [InlineData(Log, "access log", 1)]
    [InlineData(Log + "\n", "access log", 1)]
    [InlineData(Log + "\r\n" + Log + "\r\n", "access log", 2)]
    [InlineData("\uFEFF" + Log, "access log", 1)]
    [InlineData("\n\ngarbage first\n" + Log, "access log", 1)]
    [InlineData(Tokens, "token log", 1)]
    [InlineData("\uFEFF" + Tokens + "\r\n", "token log", 1)]
    [InlineData(Tokens + "\n\n", "token log", 1)]
    public void The_content_tells_the_format(string content, string format, long calls)
    {
        using var trace = new TraceText(content, "anything.txt");

        var file = trace.Open();

        Assert.StartsWith(format, file.Format.Recipe);
        Assert.Equal(calls, Survey.Of(file).Calls);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\n \r\n", "is empty")]
    [InlineData("\uFEFF", "is empty")]
    [InlineData("a,b,c\n1,2,3\n", "is neither an access log")]
    [InlineData("TIMESTAMP,ContextTokens\n", "is neither an access log")]
    public void What_is_no_recording_is_refused_in_one_sentence(string content, string reason)
    {
        using var trace = new TraceText(content);

        Assert.Contains(reason, Assert.Throws<DemoFailure>(() => trace.Open()).Message);
    }

    [Fact]
    public void A_recording_without_a_call_is_refused()
    {
        using var trace = new TraceText("TIMESTAMP,ContextTokens,GeneratedTokens\n");

        Assert.Contains("no call", Assert.Throws<DemoFailure>(() => Survey.Of(trace.Open())).Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused() =>
        Assert.Contains("There is no file", Assert.Throws<DemoFailure>(() => TraceFile.Open(TraceText.OptionsOf("/no/such/file"))).Message);

    [Fact]
    public void Malformed_lines_are_counted_by_their_number_and_empty_ones_are_not()
    {
        using var trace = new TraceText($"{Log}\n\nbroken\n{Log}\nbroken too\n");

        var survey = Survey.Of(trace.Open());

        Assert.Equal((5, 2, 1), (survey.Lines, survey.Calls, survey.LinesWithoutCall));
        Assert.Equal([3L, 5L], survey.Malformed.Select(line => line.Line));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_a_path_all_the_same()
    {
        using var trace = new TraceText([.. Encoding.ASCII.GetBytes("""10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /"""), 0xFF, 0xE9, .. Encoding.ASCII.GetBytes(" HTTP/1.1\" 200 17\n")]);

        Assert.Equal(["%FF%E9"], Survey.Of(trace.Open()).Services);
    }
}
