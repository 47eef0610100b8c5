using System.Diagnostics;
using System.Text.Json;
using Billing.Service.Audit;
using Xunit;

namespace Billing.Tests.Audit;

/// <summary>The verb as an operator runs it: a process, its output and its exit code.</summary>
public sealed class AuditVerbTests : IAsyncLifetime
{
    readonly SqliteAuditedLedger _ledger = new();

    public Task InitializeAsync() => _ledger.Fill();

    public async Task DisposeAsync() => await _ledger.DisposeAsync();

    [Fact]
    public async Task A_ledger_that_holds_exits_with_0()
    {
        using var confirmed = ConfirmedList.Of(_ledger.Story.Confirmed);

        var (code, output, errors) = await Run(_ledger.File, "--published", confirmed.Path);

        Assert.Equal((0, ""), (code, errors));
        Assert.EndsWith("audit: holds", output.TrimEnd());
    }

    [Fact]
    public async Task A_violated_ledger_exits_with_1_and_says_so_as_JSON_too()
    {
        await _ledger.Damage("update account set balance_nanos = balance_nanos + 1 where user_id = 'alice'");

        var (code, output, _) = await Run(_ledger.File, "--json");

        Assert.Equal(1, code);
        using var report = JsonDocument.Parse(output);
        Assert.False(report.RootElement.GetProperty("holds").GetBoolean());
        var conservation = report.RootElement.GetProperty("invariants")[0];
        Assert.Equal("conservation", conservation.GetProperty("name").GetString());
        Assert.Equal(1, conservation.GetProperty("violations").GetInt64());
    }

    [Theory]
    [InlineData("--publisched", "list.csv")]
    [InlineData("--published", "no-such-file.csv")]
    [InlineData("--published")]
    public async Task Wrong_usage_exits_with_2(params string[] arguments)
    {
        var (code, output, errors) = await Run(_ledger.File, arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("audit: ", errors);
    }

    [Fact]
    public async Task A_database_that_is_not_there_exits_with_4_and_is_not_made()
    {
        var missing = _ledger.File + ".missing";

        var (code, output, errors) = await Run(missing);

        Assert.Equal((4, ""), (code, output));
        Assert.StartsWith("audit: there is no database file", errors);
        Assert.False(File.Exists(missing));
    }

    [Fact]
    public async Task A_file_that_is_no_database_exits_with_4_and_one_sentence()
    {
        var text = _ledger.File + ".txt";
        await File.WriteAllTextAsync(text, string.Join(' ', Enumerable.Repeat("no database", 100)));

        var (code, output, errors) = await Run(text);

        Assert.Equal((4, ""), (code, output));
        Assert.StartsWith("audit: the database cannot be read", errors);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_exits_with_4_and_one_sentence()
    {
        var (code, output, errors) = await RunOn("Host=127.0.0.1;Port=1;Username=nobody;Database=none", _ledger.File, "audit");

        Assert.Equal((4, ""), (code, output));
        Assert.StartsWith("audit: the database cannot be read", errors);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    static Task<(int Code, string Output, string Errors)> Run(string dataFile, params string[] arguments) => RunOn("", dataFile, ["audit", .. arguments]);

    static async Task<(int Code, string Output, string Errors)> RunOn(string postgres, string dataFile, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(AuditRun).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["Billing__DataFile"] = dataFile;
        start.Environment["BILLING_POSTGRES"] = postgres;
        start.Environment.Remove("BILLING_POSTGRES_OWNER");
        start.Environment.Remove("ConnectionStrings__Postgres");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
