using System.CommandLine;
using System.Data.Common;
using System.Net.Sockets;
using Billing.Service.Ledger.Migrations;
using Microsoft.Extensions.Options;

namespace Billing.Service.Hosting;

/// <summary>The verb <c>migrate</c>: brings the database that the configuration names to this program's schema, as its owner.</summary>
static class MigrateCommand
{
    const int Done = 0;
    const int Refused = 1;
    const int WrongUsage = 2;
    const int Unreachable = 4;

    public static Command Build()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the SQL that would be run, and change nothing." };
        var command = new Command("migrate", "Bring the database to this program's schema: exit code 0 it is, 1 refused, 2 wrong usage, 4 the database cannot be reached.") { dryRun };
        command.SetAction((parsed, cancellationToken) => Run(parsed.GetValue(dryRun), cancellationToken));
        return command;
    }

    public static bool IsWrongUsage(ParseResult parsed) => parsed.Errors.Count > 0 || parsed.UnmatchedTokens.Count > 0;

    public static int Refuse(ParseResult parsed)
    {
        foreach (var token in parsed.UnmatchedTokens) Console.Error.WriteLine($"migrate: {token} is no option of it.");
        Console.Error.WriteLine("usage: migrate [--dry-run]");
        return WrongUsage;
    }

    static async Task<int> Run(bool dryRun, CancellationToken cancellationToken)
    {
        try
        {
            var builder = BillingHost.Configured([]);
            var addresses = ServerAddresses.From(builder.Configuration);
            if (addresses.Postgres is null && builder.Configuration["BILLING_POSTGRES_OWNER"] is { Length: > 0 })
                return Fail(WrongUsage, "BILLING_POSTGRES_OWNER is set, and BILLING_POSTGRES is not: set it too, with the user that the service logs in as; its password is not needed here.");
            builder.Logging.ClearProviders();
            builder.Services.AddLedger(addresses);
            await using var services = builder.Services.BuildServiceProvider();
            var dataFile = Path.GetFullPath(services.GetRequiredService<IOptions<BillingOptions>>().Value.DataFile);
            if (dryRun && addresses.Postgres is null && !File.Exists(dataFile)) return Fail(Unreachable, $"there is no database file {dataFile}: without --dry-run it is made.");

            var migrator = services.GetRequiredService<Migrator>();
            if (dryRun)
            {
                Console.Out.WriteLine(await migrator.Script(cancellationToken));
                return Done;
            }
            await migrator.Migrate(cancellationToken);
            var last = Schemas.All.SelectMany(schema => schema.Of(addresses.Postgres is null ? "sqlite" : "postgres")).Max(file => file.Version);
            Console.Out.WriteLine($"migrate: the schema is at version {last}");
            return Done;
        }
        catch (DbException exception) when (exception.SqlState is "42501" or "3F000")
        {
            return Fail(Refused, $"{exception.Message.ReplaceLineEndings(" ")}. BILLING_POSTGRES_OWNER has to be the owner of the database, billing_owner, and the service's user has to exist.");
        }
        catch (Exception exception) when (exception is DbException or SocketException or TimeoutException)
        {
            return Fail(Unreachable, $"the database cannot be used: {exception.Message.ReplaceLineEndings(" ")}");
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return Fail(WrongUsage, exception.Message.ReplaceLineEndings(" "));
        }
    }

    static int Fail(int code, string sentence)
    {
        Console.Error.WriteLine($"migrate: {sentence}");
        return code;
    }
}
