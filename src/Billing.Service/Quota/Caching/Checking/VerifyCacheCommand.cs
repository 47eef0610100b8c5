using System.CommandLine;
using System.Data.Common;
using System.Net.Sockets;
using Billing.Service.Hosting;
using Billing.Service.Ledger;
using Billing.Service.Quota.Caching.Redis;
using Microsoft.Extensions.Options;

namespace Billing.Service.Quota.Caching.Checking;

/// <summary>The verb <c>verify-cache</c>: compares all of Redis with the database, both as the service's own configuration names them.</summary>
static class VerifyCacheCommand
{
    const int Agree = 0;
    const int Differ = 1;
    const int WrongUsage = 2;
    const int Unreachable = 4;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Build()
    {
        var repair = new Option<bool>("--repair") { Description = "Remove the entries that differ: the next check reads them anew." };
        var command = new Command("verify-cache", "Compare the cache in Redis with the database: exit code 0 they agree, 1 they differ, 2 wrong usage, 4 one of them cannot be read.") { repair };
        command.SetAction((parsed, cancellationToken) => Run(parsed.GetValue(repair), cancellationToken));
        return command;
    }

    public static bool IsWrongUsage(ParseResult parsed) => parsed.Errors.Count > 0 || parsed.UnmatchedTokens.Count > 0;

    public static int Refuse(ParseResult parsed)
    {
        foreach (var error in parsed.Errors) Console.Error.WriteLine($"verify-cache: {error.Message}");
        foreach (var token in parsed.UnmatchedTokens) Console.Error.WriteLine($"verify-cache: {token} is no option of it.");
        Console.Error.WriteLine("usage: verify-cache [--repair]");
        return WrongUsage;
    }

    static async Task<int> Run(bool repair, CancellationToken cancellationToken)
    {
        try
        {
            var builder = BillingHost.Configured([]);
            var addresses = ServerAddresses.From(builder.Configuration);
            if (addresses.Redis is null)
                return Fail(WrongUsage, "BILLING_REDIS is not set. A cache inside the service cannot be seen from outside; the service itself compares it every minute.");

            builder.Logging.ClearProviders();
            builder.Services.AddLedger(addresses);
            builder.Services.AddQueries(addresses);
            builder.Services.AddCache(addresses, builder.Configuration, patient: true);
            await using var services = builder.Services.BuildServiceProvider();
            if (!await services.GetRequiredService<RedisConnection>().IsThereWithin(Patience)) return Fail(Unreachable, "Redis does not answer.");

            var calendar = await Calendar(services, cancellationToken);
            var month = calendar.MonthOf(services.GetRequiredService<TimeProvider>().GetUtcNow());
            return await Verify(services.GetRequiredService<CacheChecker>(), month, repair, cancellationToken);
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

    static async Task<int> Verify(CacheChecker checker, DateOnly month, bool repair, CancellationToken cancellationToken)
    {
        if (await checker.Compare(0, int.MaxValue, month, cancellationToken) is not { } comparison) return Fail(Unreachable, "Redis does not answer.");

        foreach (var drift in comparison.Drifts) Console.Out.WriteLine($"{drift.UserId}  {drift.Cause.Name()}  {drift.Detail}");
        var repaired = repair && comparison.Drifts.Count > 0;
        if (repaired && !await checker.Repair(comparison.Drifts)) return Fail(Unreachable, "Redis does not answer any more.");
        Console.Out.WriteLine($"verify-cache: {comparison.Compared} entries, {comparison.Drifts.Count} differ{(repaired ? ", removed" : "")}");
        return comparison.Drifts.Count == 0 ? Agree : Differ;
    }

    /// <summary>The zone whose months free quotas follow is the database's own.</summary>
    static async Task<Charging.BillingCalendar> Calendar(IServiceProvider services, CancellationToken cancellationToken)
    {
        var database = services.GetRequiredService<IDatabase>();
        await using var connection = await database.Open(cancellationToken);
        var zones = await database.Query(connection, "select time_zone from deployment", reader => reader.GetString(0), cancellationToken);
        var zone = zones.SingleOrDefault() ?? services.GetRequiredService<IOptions<BillingOptions>>().Value.TimeZone;
        return new Charging.BillingCalendar(TimeZoneInfo.FindSystemTimeZoneById(zone));
    }

    static int Fail(int code, string sentence)
    {
        Console.Error.WriteLine($"verify-cache: {sentence}");
        return code;
    }
}
