using System.Diagnostics;

namespace Billing.TestSupport;

/// <summary>
/// The PostgreSQL and RabbitMQ of a test run: those of the environment, as test.sh sets it, or private ones started here and
/// destroyed at the end. A server that is missing fails the tests; nothing is skipped.
/// </summary>
public sealed class Servers : IAsyncLifetime
{
    static readonly string[] Needed =
    [
        "BILLING_POSTGRES", "BILLING_POSTGRES_OWNER", "BILLING_RABBITMQ", "BILLING_RABBITMQ_GATEWAY", "BILLING_RABBITMQ_PAYMENT_SERVICE", "BILLING_RABBITMQ_WEB",
        "BILLING_RABBITMQ_OPERATOR", "BILLING_RABBITMQ_API_KEY_SERVICE", "BILLING_RABBITMQ_MANAGEMENT",
    ];

    readonly Dictionary<string, string> _addresses = [];
    string? _startedIn;

    public string Postgres => _addresses["BILLING_POSTGRES"];

    /// <summary>The owner of schemas, who may make databases.</summary>
    public string PostgresAsOwner => _addresses["BILLING_POSTGRES_OWNER"];

    public Uri RabbitMq => new(_addresses["BILLING_RABBITMQ"]);
    public Uri RabbitMqAsGateway => new(_addresses["BILLING_RABBITMQ_GATEWAY"]);
    public Uri RabbitMqAsPaymentService => new(_addresses["BILLING_RABBITMQ_PAYMENT_SERVICE"]);
    public Uri RabbitMqAsApiKeyService => new(_addresses["BILLING_RABBITMQ_API_KEY_SERVICE"]);
    public Uri RabbitMqAsOperator => new(_addresses["BILLING_RABBITMQ_OPERATOR"]);

    public Uri RabbitMqAsWeb => new(_addresses["BILLING_RABBITMQ_WEB"]);

    /// <summary>The broker's management API, with the user and password of its administrator.</summary>
    public Uri Management => new(_addresses["BILLING_RABBITMQ_MANAGEMENT"]);

    public async Task InitializeAsync()
    {
        ReadEnvironment();
        if (Missing().Any()) await StartPrivateServers();
        if (Missing().ToList() is { Count: > 0 } missing)
            throw new InvalidOperationException($"{string.Join(", ", missing)} is not set: let test.sh start the servers, or set all of {string.Join(", ", Needed)}.");
    }

    public async Task DisposeAsync()
    {
        if (_startedIn is not null) await Run(Script(), "destroy", _startedIn);
    }

    IEnumerable<string> Missing() => Needed.Where(variable => !_addresses.ContainsKey(variable));

    void ReadEnvironment()
    {
        foreach (var variable in Needed)
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } address) _addresses[variable] = address;
        }
    }

    async Task StartPrivateServers()
    {
        var folder = Path.Combine(Repository(), ".run", $"tests-{Environment.ProcessId}");
        _startedIn = folder;
        await Run(Script(), "start", folder, "postgres", "rabbitmq");
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(folder, "servers.env")))
        {
            var (variable, quoted) = (line[..line.IndexOf('=')], line[(line.IndexOf('=') + 1)..]);
            _addresses[variable] = quoted[1..^1].Replace("'\\''", "'");
        }
    }

    static string Script() => Environment.GetEnvironmentVariable("BILLING_SERVERS_SCRIPT") is { Length: > 0 } script
        ? script
        : Path.Combine(Repository(), "scripts", "servers.sh");

    static string Repository()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Billing.sln"))) return folder;
        }
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Billing.sln, so scripts/servers.sh is not found: set BILLING_SERVERS_SCRIPT.");
    }

    static async Task Run(string script, params string[] arguments)
    {
        // Its output is not read through a pipe: the servers would inherit it and keep it open.
        using var process = Process.Start(new ProcessStartInfo(script, arguments)) ?? throw new InvalidOperationException($"{script} did not start.");
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{script} {string.Join(' ', arguments)} ended with code {process.ExitCode}; what it said is in the output above.");
    }
}
