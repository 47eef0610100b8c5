using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Billing.Demo;

namespace Billing.Tests.Demo.Replay;

/// <summary>The demo as its user runs it: a recording, and the same recording again on the same data.</summary>
public sealed class ReplayRunTests
{
    const int Calls = 300;

    [Fact]
    public async Task The_same_recording_again_under_another_name_charges_nothing()
    {
        using var trace = new TraceText(Recording(), "access.log");
        var renamed = Path.Combine(trace.Folder, "renamed.log");
        File.Copy(trace.File, renamed);

        var first = await Run(trace, trace.File, "first.json");
        var second = await Run(trace, renamed, "second.json");

        Assert.Equal((Calls, Calls, 0L), Charged(first));
        Assert.Equal((Calls, 0, (long)Calls), Charged(second));
        Assert.True(second.GetProperty("duplicate").GetInt64() >= Calls);
        Assert.Equal(first.GetProperty("replay").GetProperty("totals").GetRawText(), second.GetProperty("replay").GetProperty("totals").GetRawText());
        Assert.Equal(Expected(), Totals(first));
        Assert.Equal([2L], first.GetProperty("replay").GetProperty("malformed").EnumerateArray().Select(line => line.GetProperty("line").GetInt64()));
        Assert.All([first, second], report => Assert.Equal("holds", report.GetProperty("audit").GetString()));
        Assert.All([first, second], report => Assert.True(report.GetProperty("web").GetProperty("answers").GetInt32() > 0));
        Assert.All([first, second], report => Assert.True(report.GetProperty("partner").GetProperty("accounts").GetInt32() > 0));
    }

    [Fact]
    public async Task An_empty_file_is_told_in_one_sentence()
    {
        using var trace = new TraceText("");

        var (code, errors) = await Start("--trace", trace.File, "--data", Path.Combine(trace.Folder, "data"));

        Assert.Equal(3, code);
        Assert.EndsWith("is empty: there is nothing to replay.", errors.TrimEnd());
    }

    /// <summary>Five users, two services; line 2 is malformed, and the last line comes twice.</summary>
    static string Recording()
    {
        var text = new StringBuilder();
        for (var call = 0; call < Calls - 1; call++)
        {
            text.AppendLine(LineOf(call));
            if (call == 0) text.AppendLine("cut off in the mid");
        }
        return text.AppendLine(LineOf(Calls - 2)).ToString();
    }

    static string LineOf(int call) => string.Create(CultureInfo.InvariantCulture,
        $"10.0.0.{call % 5} - - [17/May/2015:10:{call / 60:00}:{call % 60:00} +0200] \"GET /{(call % 3 == 0 ? "blog" : "images")}/{call} HTTP/1.1\" 200 17");

    /// <summary>Calls of each user to each service.</summary>
    static SortedDictionary<string, long> Expected() => new(
        Enumerable.Range(0, Calls - 1).Append(Calls - 2).CountBy(call => $"10.0.0.{call % 5} {(call % 3 == 0 ? "blog" : "images")}").ToDictionary(row => row.Key, row => (long)row.Value), StringComparer.Ordinal);

    static SortedDictionary<string, long> Totals(JsonElement report) => new(
        report.GetProperty("replay").GetProperty("totals").EnumerateArray().ToDictionary(row => $"{row.GetProperty("user")} {row.GetProperty("service")}", row => row.GetProperty("usages").GetInt64()), StringComparer.Ordinal);

    static (long Sent, long Charged, long ChargedBefore) Charged(JsonElement report)
    {
        var replay = report.GetProperty("replay");
        return (replay.GetProperty("sent").GetInt64(), report.GetProperty("charged").GetInt64(), replay.GetProperty("charged_before").GetInt64());
    }

    static async Task<JsonElement> Run(TraceText trace, string file, string report)
    {
        var path = Path.Combine(trace.Folder, report);
        var (code, errors) = await Start("--trace", file, "--data", Path.Combine(trace.Folder, "data"), "--duplicates", "0.3", "--shuffle", "--report", path);
        Assert.True(code == 0, errors);
        return JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(path));
    }

    static async Task<(int Code, string Errors)> Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(DemoFailure).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
