using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Npgsql;

namespace Billing.FaultTests.Harness;

/// <summary>PostgreSQL, RabbitMQ and Redis of these tests alone, to be killed at will; started once, and each test has its own database and virtual host.</summary>
public sealed class PrivateServers : IAsyncLifetime
{
    public const string Collection = "private servers";
    public const string Postgres = "postgres";
    public const string RabbitMq = "rabbitmq";
    public const string Redis = "redis";

    readonly string _folder = Path.Combine(Path.GetTempPath(), $"billing-faults-{Guid.CreateVersion7():N}");
    readonly Dictionary<string, string> _addresses = [];

    /// <summary>An address by its name in servers.env.</summary>
    public string this[string variable] => _addresses[variable];

    public async Task InitializeAsync()
    {
        await Script("install");
        await Script("start", _folder);
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(_folder, "servers.env")))
        {
            if (line.Split('=', 2) is [var name, var value]) _addresses[name] = value.Trim('\'');
        }
    }

    public int PortOf(string server) => server switch
    {
        Postgres => new NpgsqlConnectionStringBuilder(this["BILLING_POSTGRES"]).Port,
        RabbitMq => new Uri(this["BILLING_RABBITMQ"]).Port,
        _ => int.Parse(this["BILLING_REDIS"].Split(':', ',')[1], CultureInfo.InvariantCulture),
    };

    public Task DisposeAsync() => Script("destroy", _folder);

    /// <summary>SIGKILL to the server and all its processes.</summary>
    public Task Kill(string server) => Script("kill", _folder, server);

    /// <summary>In good order; its data stay.</summary>
    public Task Stop(string server) => Script("stop", _folder, server);

    /// <summary>Brings it back on the same port with the same data; does nothing when it runs.</summary>
    public Task Start(string server) => Script("start", _folder, server);

    /// <summary>SIGSTOP to all its processes: connections live, and nobody answers.</summary>
    public Task Pause(string server) => Script("pause", _folder, server);

    public Task Resume(string server) => Script("resume", _folder, server);

    public Task RabbitMqCtl(params string[] arguments) => Script(["rabbitmqctl", _folder, .. arguments]);

    /// <summary>What a server has written so far.</summary>
    public IEnumerable<string> Log(string server) => File.ReadLines(Path.Combine(_folder, server, "log"));

    /// <summary>A command to Redis itself, past the service.</summary>
    public async Task RedisSays(string command)
    {
        using var redis = new TcpClient();
        await redis.ConnectAsync("127.0.0.1", PortOf(Redis));
        await using var writer = new StreamWriter(redis.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        using var reader = new StreamReader(redis.GetStream());
        foreach (var line in new[] { $"AUTH {this["BILLING_REDIS"].Split("password=")[1].Split(',')[0]}", command })
        {
            await writer.WriteLineAsync(line);
            if (await reader.ReadLineAsync() is not "+OK" and var answer) throw new InvalidOperationException($"Redis answered '{answer}' to {line.Split(' ')[0]}.");
        }
    }

    static async Task Script(params string[] arguments)
    {
        var start = new ProcessStartInfo(ScriptPath(), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Servers of the caller's own must not be killed: these tests always have theirs.
        foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("BILLING_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(variable);

        using var script = Process.Start(start)!;
        var (output, error) = (script.StandardOutput.ReadToEndAsync(), script.StandardError.ReadToEndAsync());
        await script.WaitForExitAsync();
        if (script.ExitCode != 0) throw new InvalidOperationException($"servers.sh {string.Join(' ', arguments)} ended with {script.ExitCode}: {await output}{await error}");
    }

    static string ScriptPath()
    {
        if (Environment.GetEnvironmentVariable("BILLING_SERVERS_SCRIPT") is { Length: > 0 } given) return given;

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Billing.sln"))) folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("Billing.sln is in no folder above the tests."), "scripts", "servers.sh");
    }
}
