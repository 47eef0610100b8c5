using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using MassTransit;
using Npgsql;

namespace Billing.Benchmarks.Compare;

/// <summary>What the numbers depend on, said before them.</summary>
static class Surroundings
{
    static readonly string[] PostgresSettings = ["server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size", "wal_compression", "jit"];

    public static async Task<List<KeyValuePair<string, string>>> Describe(ComparisonOptions options) =>
    [
        new("cores", $"{Environment.ProcessorCount}, for the service, the servers and the load generator together"),
        new("memory", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20:N0} MB"),
        new("system", RuntimeInformation.OSDescription),
        new(".NET", RuntimeInformation.FrameworkDescription),
        new("libraries", $"MassTransit {Version<IBus>()}, RabbitMQ.Client {Version<RabbitMQ.Client.IChannel>()}, Npgsql {Version<NpgsqlConnection>()}"),
        new("PostgreSQL", await Postgres()),
        new("disk of the data", await Disk()),
        new("RabbitMQ", await RabbitMq()),
        new("Redis", "only where a plan says so"),
        new("load", $"{Stage.UsersOfYardstick:N0} accounts, Zipf 1.0, {Workload.Services.Count} services, distinct ids; seed {options.Seed}"),
        new("each measurement", $"{options.Duration.TotalSeconds} s after {options.WarmUp.TotalSeconds} s of warm-up, on a database and a virtual host of its own; {options.Rounds} rounds, turn by turn, the median by rate"),
    ];

    static string Version<T>() => typeof(T).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    static async Task<string> Postgres()
    {
        await using var source = NpgsqlDataSource.Create(Variable("BILLING_POSTGRES"));
        var values = new List<string>();
        foreach (var name in PostgresSettings)
        {
            await using var command = source.CreateCommand($"show {name}");
            values.Add($"{name} {await command.ExecuteScalarAsync()}");
        }
        return string.Join(", ", values);
    }

    /// <summary>The file system that the data folder lies on: one in memory would make every commit free.</summary>
    static async Task<string> Disk()
    {
        if (Environment.GetEnvironmentVariable("BILLING_POSTGRES_ADMIN") is not { } admin || !File.Exists("/proc/mounts")) return "unknown: the server is not one of this run";
        await using var source = NpgsqlDataSource.Create(admin);
        await using var command = source.CreateCommand("show data_directory");
        var folder = (string)(await command.ExecuteScalarAsync())!;
        var mount = (await File.ReadAllLinesAsync("/proc/mounts")).Select(line => line.Split(' ')).Where(fields => IsIn(folder, fields[1])).MaxBy(fields => fields[1].Length)!;
        return $"{mount[2]} on {mount[0]}{Turns(mount[0])}";
    }

    static bool IsIn(string folder, string mount) => mount == "/" || folder == mount || folder.StartsWith($"{mount}/", StringComparison.Ordinal);

    static string Turns(string device)
    {
        var file = $"/sys/class/block/{Path.GetFileName(device)}/queue/rotational";
        return File.Exists(file) ? File.ReadAllText(file).Trim() == "0" ? ", not rotating" : ", rotating" : "";
    }

    static async Task<string> RabbitMq()
    {
        var management = new Uri(Variable("BILLING_RABBITMQ_MANAGEMENT"));
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(management.UserInfo)));
        var overview = await http.GetFromJsonAsync<JsonElement>($"http://{management.Authority}/api/overview");
        return $"{overview.GetProperty("rabbitmq_version")} on Erlang {overview.GetProperty("erlang_version")}; quorum queues, persistent messages, every publish confirmed and mandatory, acknowledged after the commit";
    }

    static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"Run ./bench.sh, or set {name}.");
}
