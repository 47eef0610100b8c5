using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using Billing.Service.Hosting;
using Microsoft.Extensions.Options;

namespace Billing.Service.Access;

/// <summary>The verb <c>keys</c>: works on the database that the service's own configuration names, also before the first key is there.</summary>
static class KeysCommand
{
    const int Done = 0;
    const int Refused = 1;
    const int WrongUsage = 2;
    const int Unreachable = 4;

    public static Command Build()
    {
        var actor = new Option<string>("--actor") { Description = "Who does it, for the log of acts; the user of this machine unless given.", DefaultValueFactory = _ => Environment.UserName };
        var reason = new Option<string>("--reason") { Description = "Why, for the log of acts.", Required = true };
        var name = new Option<string>("--name") { Description = "Whose key it is.", Required = true };
        var scope = new Option<string>("--scope") { Description = $"What it opens: {KeyScopes.Names}.", Required = true };
        var user = new Option<string?>("--user") { Description = "The one user that a key of scope web is for." };
        var expires = new Option<string?>("--expires") { Description = "When it stops opening anything, such as 2027-01-31T00:00:00Z; never unless given." };
        var id = new Argument<string>("ID") { Description = "The key's id." };

        var create = new Command("create", "Make a key and print it: it is shown once, and kept nowhere.") { name, scope, user, expires, actor, reason };
        create.SetAction((parsed, cancellationToken) => OnDatabase((keys, time) => Create(keys, new IncomingKey
        {
            OperationId = Guid.CreateVersion7(time.GetUtcNow()),
            Name = parsed.GetValue(name),
            Scope = parsed.GetValue(scope),
            UserId = parsed.GetValue(user),
            ExpiresAt = parsed.GetValue(expires),
            Actor = parsed.GetValue(actor),
            Reason = parsed.GetValue(reason),
        }, cancellationToken)));
        var list = new Command("list", "All keys there have been, newest first.");
        list.SetAction((_, cancellationToken) => OnDatabase((keys, time) => List(keys, time, cancellationToken)));
        var revoke = new Command("revoke", "Revoke a key for good: within 5 s on every instance.") { id, actor, reason };
        revoke.SetAction((parsed, cancellationToken) => OnDatabase((keys, _) => Revoke(keys, parsed.GetValue(id)!, parsed.GetValue(actor)!, parsed.GetValue(reason)!, cancellationToken)));
        return new Command("keys", "Keys of the HTTP API: exit code 0 done, 1 refused, 2 wrong usage, 4 the database cannot be reached.") { create, list, revoke };
    }

    /// <summary>Words that are no option may be a key that somebody pasted: they are not repeated.</summary>
    public static bool IsWrongUsage(ParseResult parsed) => parsed.Errors.Count > 0 || parsed.UnmatchedTokens.Count > 0;

    public static int Refuse(ParseResult parsed)
    {
        foreach (var option in parsed.CommandResult.Command.Options.Where(option => option.Required && parsed.GetResult(option) is null)) Console.Error.WriteLine($"keys: {option.Name} is missing.");
        Console.Error.WriteLine("usage: keys create --name NAME --scope SCOPE [--user USER] [--expires TIME] --reason TEXT [--actor WHO] | list | revoke ID --reason TEXT [--actor WHO]");
        return WrongUsage;
    }

    static async Task<int> Create(ApiKeys keys, IncomingKey request, CancellationToken cancellationToken)
    {
        var made = await keys.Make(request, cancellationToken);
        if (made.Refusal is { } refusal) return Fail(Refused, refusal.Detail);
        Console.Error.WriteLine($"keys: made {made.Key!.KeyId}, scope {made.Key.Scope.Name()}{Expiry(made.Key)}. It is shown this once:");
        Console.Out.WriteLine(made.Text!.Reveal());
        return Done;
    }

    static async Task<int> List(ApiKeys keys, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var key in await keys.List(cancellationToken))
            Console.Out.WriteLine($"{key.KeyId}  {key.Scope.Name(),-7}  {State(key, time.GetUtcNow())}  made {Time(key.CreatedAt)} by {key.CreatedBy}  used {Time(key.LastUsedAt)}  {key.UserId ?? "-"}  {key.Name}");
        return Done;
    }

    static async Task<int> Revoke(ApiKeys keys, string id, string actor, string reason, CancellationToken cancellationToken)
    {
        if (KeyText.ReadId(id) is not { } keyId) return Fail(WrongUsage, "ID is the key's id, 16 hexadecimal digits, as the verb list shows it.");
        var revoked = await keys.Revoke(keyId, actor, reason, cancellationToken);
        if (revoked.Refusal is { } refusal) return Fail(Refused, refusal.Detail);
        Console.Out.WriteLine(revoked.Duplicate ? $"{keyId} was revoked {Time(revoked.Key!.RevokedAt)}" : $"{keyId} is revoked");
        return Done;
    }

    static async Task<int> OnDatabase(Func<ApiKeys, TimeProvider, Task<int>> work)
    {
        try
        {
            var builder = BillingHost.Configured([]);
            var addresses = ServerAddresses.From(builder.Configuration);
            builder.Logging.ClearProviders();
            builder.Services.AddLedger(addresses);
            builder.Services.AddSingleton<KeyStore>();
            builder.Services.AddSingleton<ApiKeys>();
            await using var services = builder.Services.BuildServiceProvider();
            var dataFile = Path.GetFullPath(services.GetRequiredService<IOptions<BillingOptions>>().Value.DataFile);
            if (addresses.Postgres is null && !File.Exists(dataFile))
                return Fail(Unreachable, $"there is no database file {dataFile}; start the service once, or set Billing__DataFile, or BILLING_POSTGRES for PostgreSQL.");
            return await work(services.GetRequiredService<ApiKeys>(), services.GetRequiredService<TimeProvider>());
        }
        catch (Exception exception) when (exception is DbException or SocketException or TimeoutException)
        {
            return Fail(Unreachable, $"the database cannot be used: {exception.Message.ReplaceLineEndings(" ")}. Does it answer, and has the service prepared it?");
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return Fail(WrongUsage, exception.Message.ReplaceLineEndings(" "));
        }
    }

    static string State(ApiKey key, DateTimeOffset now) => key switch
    {
        { RevokedAt: { } revoked } => $"revoked {Time(revoked)}",
        _ when key.HasExpired(now) => $"expired {Time(key.ExpiresAt)}",
        _ => $"good{Expiry(key)}",
    };

    static string Expiry(ApiKey key) => key.ExpiresAt is { } expires ? $", expires {Time(expires)}" : "";

    static string Time(DateTimeOffset? time) => time is { } at ? at.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) : "never";

    static int Fail(int code, string sentence)
    {
        Console.Error.WriteLine($"keys: {sentence}");
        return code;
    }
}
