using System.CommandLine;
using System.Data.Common;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using Billing.Service.Hosting;
using Billing.Service.Ledger;
using Microsoft.Extensions.Options;

namespace Billing.Service.Audit;

/// <summary>The verb <c>audit</c>: proves the database that the service's own configuration names.</summary>
static class AuditCommand
{
    const int Holds = 0;
    const int Violated = 1;
    const int WrongUsage = 2;
    const int Unreachable = 4;

    // An example may quote a user id: readable on a terminal rather than safe inside HTML.
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Build()
    {
        var published = new Option<FileInfo?>("--published")
        {
            Description = "The gateway's list of confirmed usages, a CSV file with the header id,user,service,quantity,cost,occurred_at: proves that none was lost.",
            HelpName = "FILE",
        };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };
        var command = new Command("audit", "Prove the ledger on the live database: exit code 0 holds, 1 violated, 2 wrong usage, 4 the database cannot be read.") { published, json };
        command.SetAction((parsed, cancellationToken) => Run(parsed.GetValue(published)?.FullName, parsed.GetValue(json), cancellationToken));
        return command;
    }

    /// <summary>The root takes unknown words as configuration of the service, and its verbs inherit that: here they are mistakes.</summary>
    public static bool IsWrongUsage(ParseResult parsed) => parsed.Errors.Count > 0 || parsed.UnmatchedTokens.Count > 0;

    public static int Refuse(ParseResult parsed)
    {
        foreach (var error in parsed.Errors) Console.Error.WriteLine($"audit: {error.Message}");
        foreach (var token in parsed.UnmatchedTokens) Console.Error.WriteLine($"audit: {token} is no option of it.");
        Console.Error.WriteLine("usage: audit [--published FILE] [--json]");
        return WrongUsage;
    }

    static async Task<int> Run(string? published, bool json, CancellationToken cancellationToken)
    {
        if (published is not null && !File.Exists(published)) return Fail(WrongUsage, $"there is no file {published}.");
        try
        {
            var builder = BillingHost.Configured([]);
            var addresses = ServerAddresses.From(builder.Configuration);
            builder.Services.AddLedger(addresses);
            await using var services = builder.Services.BuildServiceProvider();
            var dataFile = Path.GetFullPath(services.GetRequiredService<IOptions<BillingOptions>>().Value.DataFile);
            if (addresses.Postgres is null && !File.Exists(dataFile))
                return Fail(Unreachable, $"there is no database file {dataFile}; set Billing__DataFile, or BILLING_POSTGRES for PostgreSQL.");

            var report = await AuditRun.Execute(services.GetRequiredService<IDatabase>(), published, cancellationToken);
            if (json) Console.Out.WriteLine(JsonSerializer.Serialize(report, Json));
            else AuditText.Write(report, Console.Out);
            return report.Holds ? Holds : Violated;
        }
        catch (Exception exception) when (exception is DbException or SocketException or TimeoutException)
        {
            return Fail(Unreachable, $"the database cannot be read: {exception.Message.ReplaceLineEndings(" ")}. Does it answer, and has the service prepared it?");
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return Fail(WrongUsage, exception.Message.ReplaceLineEndings(" "));
        }
    }

    static int Fail(int code, string sentence)
    {
        Console.Error.WriteLine($"audit: {sentence}");
        return code;
    }
}
