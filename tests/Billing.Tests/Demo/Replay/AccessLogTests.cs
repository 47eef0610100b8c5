using System.Globalization;
using Billing.Contracts;
using Billing.Demo.Replay;

namespace Billing.Tests.Demo.Replay;

/// <summary>Lines of access logs: which are calls, and what is wrong with the others. Both who sends and who counts have to see the same.</summary>
public sealed class AccessLogTests
{
    [Theory]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /blog/x HTTP/1.1" 200 17""", "10.0.0.1", "blog", "2015-05-17T10:05:03Z")]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /blog HTTP/1.1" 304 -""", "10.0.0.1", "blog", "2015-05-17T10:05:03Z")]
    [InlineData("""10.0.0.1 - ann [17/May/2015:10:05:03 +0000] "GET /blog HTTP/1.1" 200 17 "-" "curl/7" """, "10.0.0.1", "blog", "2015-05-17T10:05:03Z")]
    [InlineData("""10.0.0.1 - ann of york [17/May/2015:10:05:03 +0000] "GET /blog HTTP/1.1" 200 17""", "10.0.0.1", "blog", "2015-05-17T10:05:03Z")]
    [InlineData("""10.0.0.1 - - [01/Jan/2024:00:30:00 +0545] "GET /blog HTTP/1.1" 200 17""", "10.0.0.1", "blog", "2023-12-31T18:45:00Z")]
    [InlineData("""10.0.0.1 - - [31/Dec/1999:20:00:00 -0800] "GET /blog HTTP/1.1" 200 17""", "10.0.0.1", "blog", "2000-01-01T04:00:00Z")]
    [InlineData("""2001:db8::7 - - [17/May/2015:10:05:03 +0000] "POST /api HTTP/2.0" 201 0 "-" "x" """, "2001:db8::7", "api", "2015-05-17T10:05:03Z")]
    [InlineData("""fe80::1%eth0 - - [17/May/2015:10:05:03 +0000] "GET /api HTTP/1.1" 200 1""", "fe80::1%eth0", "api", "2015-05-17T10:05:03Z")]
    [InlineData("""host-7.example.org - - [17/May/2015:10:05:03 +0000] "GET /api HTTP/1.1" 200 1""", "host-7.example.org", "api", "2015-05-17T10:05:03Z")]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /a\"b HTTP/1.1" 404 9 "-" "say \"hi\" \\" """, "10.0.0.1", "a%22b", "2015-05-17T10:05:03Z")]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /a b/c HTTP/1.1" 404 9""", "10.0.0.1", "a%20b", "2015-05-17T10:05:03Z")]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /old" 200 9""", "10.0.0.1", "old", "2015-05-17T10:05:03Z")]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /x HTTP/1.1" 200 9 "-" "a" 1234 "more" """, "10.0.0.1", "x", "2015-05-17T10:05:03Z")]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03 +0000] "OPTIONS * HTTP/1.0" 200 -""", "10.0.0.1", "%2A", "2015-05-17T10:05:03Z")]
    public void A_line_is_a_call(string line, string user, string service, string at)
    {
        var (call, problem) = new AccessLog().Read(1, line);

        Assert.Null(problem);
        Assert.Equal(new TraceCall(user, service, null, DateTimeOffset.Parse(at, CultureInfo.InvariantCulture)), call);
        Assert.Equal(1, Counted(line));
    }

    [Theory]
    [InlineData("garbage", "there is no [time]")]
    [InlineData("""10.0.0.1 - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 9""", "address, ident and user")]
    [InlineData(""" 10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 9""", "address, ident and user")]
    [InlineData("""10.0.0.1,10.0.0.2 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 9""", "the address is no user id")]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03 +0000 "GET / HTTP/1.1" 200 9""", "the [time] does not end")]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03] "GET / HTTP/1.1" 200 9""", "the time is '17/May/2015:10:05:03'")]
    [InlineData("""10.0.0.1 - - [31/Feb/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 9""", "the time is")]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03 +0000] GET / HTTP/1.1 200 9""", "the request in quotes")]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1 200 9""", "the request in quotes")]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" OK 9""", "the status")]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200""", "the size")]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 nine""", "the size")]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 9 "-" "Mozilla (bot""", "a field in quotes does not end")]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 9 "-"x""", "a field in quotes does not end before a blank")]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03 +0000] "-" 408 -""", "the request is '-'")]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET" 400 9""", "the request is 'GET'")]
    [InlineData("""10.0.0.1 - - [17/May/2015:10:05:03 +0000] "\x16\x03\x01" 400 9""", @"the request is '\x16\x03\x01'")]
    public void A_malformed_line_is_told_with_what_is_wrong(string line, string reason)
    {
        var (call, problem) = new AccessLog().Read(1, line);

        Assert.Null(call);
        Assert.StartsWith(reason, problem);
        Assert.Equal(0, Counted(line));
    }

    [Fact]
    public void Exact_repeats_of_a_line_are_calls_of_their_own()
    {
        const string Line = """10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /blog HTTP/1.1" 200 17""";
        using var trace = new TraceText($"{Line}\n{Line}\n");

        var file = trace.Open();

        Assert.Equal(2, Survey.Of(file).Calls);
        Assert.NotEqual(file.Id.UsageIdOf(1), file.Id.UsageIdOf(2));
    }

    /// <summary>What the second counting makes of the line, beside one that is a call for both.</summary>
    static long Counted(string line)
    {
        using var trace = new TraceText($"{line}\n1.1.1.1 - - [17/May/2015:10:05:03 +0000] \"GET /beside HTTP/1.1\" 200 17\n");
        var plan = ReplayPlan.Of(trace.Options, Path.Combine(trace.Folder, "replay.json"), DateTimeOffset.UnixEpoch.AddYears(60));
        return FileCount.Of(plan, TimeZoneInfo.Utc).Where(row => row.Key.Key.Service != "beside").Sum(row => row.Value.Calls);
    }
}
