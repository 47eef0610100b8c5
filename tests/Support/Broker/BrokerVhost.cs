using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using RabbitMQ.Client;

namespace Billing.TestSupport.Broker;

/// <summary>A virtual host of its own, with the rights and policies of rabbitmq/definitions.json, dropped at the end.</summary>
public sealed class BrokerVhost : IAsyncDisposable
{
    readonly Servers _servers;
    readonly HttpClient _management;
    readonly string _name = $"test-{Ids.WithTime():N}";

    BrokerVhost(Servers servers)
    {
        _servers = servers;
        _management = new HttpClient { BaseAddress = new Uri(servers.Management, "/api/") };
        _management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(servers.Management.UserInfo))));
    }

    public Uri AsService => Here(_servers.RabbitMq);
    public Uri AsGateway => Here(_servers.RabbitMqAsGateway);
    public Uri AsPaymentService => Here(_servers.RabbitMqAsPaymentService);
    public Uri AsApiKeyService => Here(_servers.RabbitMqAsApiKeyService);
    public Uri AsOperator => Here(_servers.RabbitMqAsOperator);

    public Uri AsWeb => Here(_servers.RabbitMqAsWeb);

    /// <summary>May do everything; no part of the service logs in as this one.</summary>
    public Uri AsAdministrator => Here(new UriBuilder(_servers.RabbitMq)
    {
        UserName = _servers.Management.UserInfo.Split(':')[0],
        Password = _servers.Management.UserInfo.Split(':')[1],
    }.Uri);

    public static async Task<BrokerVhost> Create(Servers servers)
    {
        var vhost = new BrokerVhost(servers);
        await vhost.Put($"vhosts/{vhost._name}", new JsonObject());
        var original = servers.RabbitMq.AbsolutePath.Trim('/');
        foreach (var permission in await vhost.Get($"vhosts/{original}/permissions"))
            await vhost.Put($"permissions/{vhost._name}/{permission!["user"]}", Only(permission, "configure", "write", "read"));
        foreach (var policy in await vhost.Get($"policies/{original}"))
            await vhost.Put($"policies/{vhost._name}/{policy!["name"]}", Only(policy, "pattern", "definition", "priority", "apply-to"));
        return vhost;
    }

    /// <summary>Lets the administrator declare what no part of the service may: for tests that bring their own messages.</summary>
    public Task AllowOtherMessages() => Put($"permissions/{_name}/{Uri.EscapeDataString(_servers.Management.UserInfo.Split(':')[0])}", new JsonObject { ["configure"] = ".*", ["write"] = ".*", ["read"] = ".*" });

    /// <summary>What the broker says of a queue; its counts are up to five seconds old.</summary>
    public async Task<JsonNode> Queue(string queue) => (await _management.GetFromJsonAsync<JsonNode>($"queues/{_name}/{queue}"))!;

    public async Task<string[]> Exchanges() => [.. (await Get($"exchanges/{_name}")).Select(exchange => (string)exchange!["name"]!)];

    public async Task<string[]> Queues() => [.. (await Get($"queues/{_name}")).Select(queue => (string)queue!["name"]!)];

    /// <summary>Messages that wait in a queue, as of now; none when the queue is not there.</summary>
    public async Task<long> Ready(string queue) => (await Ready()).GetValueOrDefault(queue);

    /// <summary>Where messages of an exchange go.</summary>
    public async Task<string[]> BoundTo(string exchange) =>
        [.. (await Get($"exchanges/{_name}/{Uri.EscapeDataString(exchange)}/bindings/source")).Select(binding => (string)binding!["destination"]!)];

    /// <summary>Messages that wait in any queue, as of now.</summary>
    public async Task<long> Waiting() => (await Ready()).Values.Sum();

    public Task WaitUntilUnacknowledged(string queue, int count) => WaitUntilUnacknowledged(queue, unacknowledged => unacknowledged == count, $"{count}");

    public Task WaitUntilUnacknowledged(string queue, Func<int?, bool> enough, [CallerArgumentExpression(nameof(enough))] string? words = null) => Eventually.That(
        async () => (int?)(await Queue(queue))["messages_unacknowledged"], enough, $"{queue} has unacknowledged messages: {words}");

    /// <summary>Closes a user's connections to this host, as a network in trouble does.</summary>
    public async Task CutConnectionsOf(string user)
    {
        // The management lists a connection a few seconds after it was made.
        var named = await Eventually.That(async () => (await Get("connections")).Where(connection => (string?)connection!["vhost"] == _name && (string?)connection["user"] == user)
            .Select(connection => (string)connection!["name"]!).ToArray(), names => names.Length > 0, $"{user} is connected");
        foreach (var name in named) (await _management.DeleteAsync($"connections/{Uri.EscapeDataString(name)}")).Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        using (_management) (await _management.DeleteAsync($"vhosts/{_name}")).EnsureSuccessStatusCode();
    }

    // The broker itself is asked: the management's counts are seconds old.
    async Task<Dictionary<string, long>> Ready()
    {
        await using var connection = await new ConnectionFactory { Uri = AsAdministrator }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var ready = new Dictionary<string, long>();
        foreach (var queue in (await Queues()).Where(queue => !queue.Contains("amq.", StringComparison.Ordinal))) ready[queue] = await channel.MessageCountAsync(queue);
        return ready;
    }

    Uri Here(Uri address) => new UriBuilder(address) { Path = _name }.Uri;

    async Task<JsonArray> Get(string path) => (await _management.GetFromJsonAsync<JsonArray>(path))!;

    async Task Put(string path, JsonObject body)
    {
        using var answer = await _management.PutAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, $"PUT {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    static JsonObject Only(JsonNode from, params string[] fields) => new(fields.Select(field => KeyValuePair.Create(field, from[field]?.DeepClone())));
}
