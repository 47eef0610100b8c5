using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;

namespace Billing.Benchmarks.Recharges;

/// <summary>A virtual host of its own for a measurement, with the permissions and policies of rabbitmq/definitions.json.</summary>
sealed class VirtualHost : IAsyncDisposable
{
    readonly string _name = $"bench_{Guid.CreateVersion7():N}";
    readonly Uri _management = Address("BILLING_RABBITMQ_MANAGEMENT");
    readonly HttpClient _http;

    VirtualHost()
    {
        _http = new HttpClient { BaseAddress = new Uri($"http://{_management.Authority}/api/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(_management.UserInfo)));
    }

    public Uri AsService => Here(Address("BILLING_RABBITMQ"));
    public Uri AsGateway => Here(Address("BILLING_RABBITMQ_GATEWAY"));
    public Uri AsWeb => Here(Address("BILLING_RABBITMQ_WEB"));
    public Uri AsPaymentService => Here(Address("BILLING_RABBITMQ_PAYMENT_SERVICE"));

    /// <summary>The only one who may listen to what the service announces.</summary>
    public Uri AsAdministrator => Here(new UriBuilder(Address("BILLING_RABBITMQ")) { UserName = _management.UserInfo.Split(':')[0], Password = _management.UserInfo.Split(':')[1] }.Uri);

    public static async Task<VirtualHost> Create()
    {
        var host = new VirtualHost();
        var original = Address("BILLING_RABBITMQ").AbsolutePath.Trim('/');
        await host.Put($"vhosts/{host._name}", new { });
        foreach (var permission in await host.Get($"vhosts/{original}/permissions"))
            await host.Put($"permissions/{host._name}/{permission.GetProperty("user").GetString()}", permission);
        foreach (var policy in await host.Get($"policies/{original}"))
            await host.Put($"policies/{host._name}/{policy.GetProperty("name").GetString()}", policy);
        return host;
    }

    /// <summary>How many queues of which type there are, such as "24 quorum".</summary>
    public async Task<string> Queues() => string.Join(", ",
        (await Get($"queues/{_name}")).CountBy(queue => queue.GetProperty("type").GetString()!).Select(type => $"{type.Value} {type.Key}"));

    /// <summary>A channel whose publishing waits for the broker's confirm, many at a time.</summary>
    public static Task<IChannel> Channel(IConnection connection, ushort handlersAtOnce = 1) => connection.CreateChannelAsync(
        new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, consumerDispatchConcurrency: handlersAtOnce));

    public async ValueTask DisposeAsync()
    {
        using (_http) (await _http.DeleteAsync($"vhosts/{_name}")).EnsureSuccessStatusCode();
    }

    static Uri Address(string variable) => new(Environment.GetEnvironmentVariable(variable) ?? throw new InvalidOperationException($"Run ./bench.sh, or set {variable}."));

    Uri Here(Uri address) => new UriBuilder(address) { Path = _name }.Uri;

    async Task<JsonElement[]> Get(string path) => await _http.GetFromJsonAsync<JsonElement[]>(path) ?? [];

    async Task Put(string path, object body)
    {
        using var answer = await _http.PutAsJsonAsync(path, body);
        answer.EnsureSuccessStatusCode();
    }
}
