using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;

namespace Billing.FaultTests.Harness;

/// <summary>One stack's virtual host, with the permissions and policies of definitions.json, as its administrator sees it.</summary>
sealed class StackVirtualHost : IDisposable
{
    const string VirtualHostOfDefinitions = "billing";
    static readonly string[] UsageQueues = ["billing-usage", "billing-usage-batch"];

    readonly PrivateServers _servers;
    readonly string _name;
    readonly HttpClient _management;

    public StackVirtualHost(PrivateServers servers, string name)
    {
        (_servers, _name) = (servers, name);
        var address = new Uri(servers["BILLING_RABBITMQ_MANAGEMENT"]);
        _management = new HttpClient { BaseAddress = new Uri($"http://{address.Authority}/api/") };
        _management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(address.UserInfo)));
    }

    /// <summary>An address by its name in servers.env, with this virtual host.</summary>
    public Uri this[string variable] => new UriBuilder(_servers[variable]) { Path = _name }.Uri;

    public async Task Create()
    {
        await Put($"vhosts/{_name}", new { });
        await GiveRightsBack();
        foreach (var policy in await _management.GetFromJsonAsync<JsonElement[]>($"policies/{VirtualHostOfDefinitions}") ?? [])
            await Put($"policies/{_name}/{policy.GetProperty("name").GetString()}", policy);
    }

    public Task Delete() => Delete($"vhosts/{_name}");

    /// <summary>The service may write to no exchange any more.</summary>
    public Task TakeRightToWrite() => Put($"permissions/{_name}/billing-service", new { configure = ".*", write = "^$", read = ".*" });

    public async Task GiveRightsBack()
    {
        foreach (var permission in await _management.GetFromJsonAsync<JsonElement[]>($"vhosts/{VirtualHostOfDefinitions}/permissions") ?? [])
            await Put($"permissions/{_name}/{permission.GetProperty("user").GetString()}", permission);
    }

    /// <summary>Those for usage, with all that is in them.</summary>
    public async Task DeleteUsageQueues()
    {
        foreach (var queue in UsageQueues) await Delete($"queues/{_name}/{queue}");
    }

    public async Task<bool> UsageQueuesAreServed() => (await Declared(UsageQueues)).All(queue => queue?.ConsumerCount > 0);

    /// <summary>How many usages lay in the error queue; it is empty afterwards.</summary>
    public async Task<long> TakeErrors()
    {
        var depths = await Depths(["billing-usage_error"]);
        if (depths[0] > 0) await Delete($"queues/{_name}/billing-usage_error/contents");
        return depths[0];
    }

    public async Task<string?> WhyIn(string queue)
    {
        using var answer = await _management.PostAsJsonAsync($"queues/{_name}/{queue}/get", new { count = 1, ackmode = "ack_requeue_true", encoding = "auto" });
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>How many messages wait in each. A queue that is not there holds nothing.</summary>
    public async Task<long[]> Depths(IReadOnlyList<string> queues) => [.. (await Declared(queues)).Select(queue => (long)(queue?.MessageCount ?? 0))];

    public void Dispose() => _management.Dispose();

    /// <summary>By a passive declare, whose answer is exact; the management interface's counters are seconds old.</summary>
    async Task<List<QueueDeclareOk?>> Declared(IReadOnlyList<string> queues)
    {
        var admin = new UriBuilder(this["BILLING_RABBITMQ"]);
        var user = new Uri(_servers["BILLING_RABBITMQ_MANAGEMENT"]).UserInfo.Split(':', 2);
        (admin.UserName, admin.Password) = (user[0], user[1]);
        await using var connection = await BrokerPublisher.Factory(admin.Uri).CreateConnectionAsync("checker");
        var declared = new List<QueueDeclareOk?>(queues.Count);
        foreach (var queue in queues)
        {
            try
            {
                await using var channel = await connection.CreateChannelAsync();
                declared.Add(await channel.QueueDeclarePassiveAsync(queue));
            }
            catch (RabbitMQ.Client.Exceptions.OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                declared.Add(null);
            }
        }
        return declared;
    }

    async Task Put(string path, object body)
    {
        using var answer = await _management.PutAsJsonAsync(path, body);
        answer.EnsureSuccessStatusCode();
    }

    async Task Delete(string path)
    {
        using var answer = await _management.DeleteAsync(path);
        answer.EnsureSuccessStatusCode();
    }
}
