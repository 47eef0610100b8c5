using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Billing.FaultTests.Harness.Recharges;
using Npgsql;
using RabbitMQ.Client;

namespace Billing.FaultTests.Harness;

/// <summary>The service on RabbitMQ and PostgreSQL, with a virtual host and a database of its own.</summary>
sealed class ServersStack : Stack
{
    const string VirtualHostOfDefinitions = "billing";
    static readonly string[] WorkQueues =
        ["billing-usage", "billing-usage-batch", "billing-deduct-quota", "billing-check-quota", "billing-initialize-account", "billing-get-account", "billing-adjust-balance",
            "billing-credit-account", "billing-refund-credit", "billing-webhooks", "billing-recharges", "billing-payment-desk", "billing-payment-created", "billing-payment-succeeded",
            "billing-payment-failed", "billing-payment-refunded", "payment-service"];

    readonly PrivateServers _servers;
    readonly string _name;
    readonly HttpClient _management;

    ServersStack(PrivateServers servers, ITestOutputHelper output) : base(output)
    {
        _servers = servers;
        _name = $"faults_{Guid.CreateVersion7():N}";
        var address = new Uri(servers["BILLING_RABBITMQ_MANAGEMENT"]);
        _management = new HttpClient { BaseAddress = new Uri($"http://{address.Authority}/api/") };
        _management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(address.UserInfo)));
    }

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("BILLING_POSTGRES", Database),
        new("BILLING_POSTGRES_OWNER", new NpgsqlConnectionStringBuilder(_servers["BILLING_POSTGRES_OWNER"]) { Database = _name }.ToString()),
        new("BILLING_RABBITMQ", Broker("BILLING_RABBITMQ").ToString()),
    ];

    Uri Gateway => Broker("BILLING_RABBITMQ_GATEWAY");
    string Database => new NpgsqlConnectionStringBuilder(_servers["BILLING_POSTGRES"]) { Database = _name }.ToString();

    public static async Task<ServersStack> Create(PrivateServers servers, ITestOutputHelper output)
    {
        // An earlier test may have left one of them dead.
        await servers.Start(PrivateServers.Postgres);
        await servers.Start(PrivateServers.RabbitMq);
        var stack = new ServersStack(servers, output);
        await stack.CreateDatabase();
        await stack.CreateVirtualHost();
        return stack;
    }

    public override ILoad StartLoad() => new BrokerLoad(Gateway, Traffic, Journal);

    /// <summary>A gateway with the client library; all of one stack are one gateway that starts again.</summary>
    public GatewayProcess StartGateway(string durability) => new(Folder, Gateway, durability);

    /// <summary>A gateway with the client library that leases for one user, and keeps every usage in its journal; those of one number are one gateway.</summary>
    public GatewayProcess StartLessee(int number, string user, params (string Name, string Value)[] settings) =>
        new(Directory.CreateDirectory(Path.Combine(Folder, $"lessee-{number}")).FullName, Gateway, "Journal", [("GATEWAY_LESSEE", user), .. settings]);

    /// <summary>Groups of one go out as single messages.</summary>
    public override async Task Send(params IReadOnlyList<IReadOnlyList<SentUsage>> groups)
    {
        await using var publisher = new BrokerPublisher(Gateway);
        foreach (var group in groups)
        {
            Journal.Sending(group);
            if (group is [var single]) await publisher.PublishUntilConfirmed(BrokerPublisher.UsageOccurred, single.ToJson());
            else await publisher.PublishUntilConfirmed(BrokerPublisher.UsageBatch, SentUsage.ToBatch(group));
            Journal.Confirm(group);
        }
    }

    /// <summary>Messages that wait in the queues for usage; those in a service's hands are not among them.</summary>
    public async Task<long> Waiting()
    {
        var depths = await Depths(WorkQueues);
        return depths.Sum();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _servers.Start(PrivateServers.Postgres);
        await _servers.Start(PrivateServers.RabbitMq);
        using (var gone = await _management.DeleteAsync($"vhosts/{_name}")) gone.EnsureSuccessStatusCode();
        await ExecuteAsAdmin($"drop database {_name} with (force)");
        _management.Dispose();
    }

    // The outbox first: what it publishes lies in a queue next.
    protected override async Task<bool> IsQuiet() => await Undelivered() == 0 && await Waiting() == 0;

    protected override async Task<(long Stuck, long Errors)> LeftInQueues()
    {
        var stuck = await Depths(WorkQueues);
        var errors = await Depths([.. WorkQueues.Select(queue => $"{queue}_error"), .. WorkQueues.Select(queue => $"{queue}_skipped")]);
        return (stuck.Sum(), errors.Sum());
    }

    protected override async Task<(long Records, long Rejected)> CountRows()
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        return await LedgerReader.Count(connection, LedgerReader.PostgresSchema);
    }

    public override async Task Age(int days)
    {
        await using var connection = await OpenAsOwner();
        await OldUsage.Execute(connection, OldUsage.OnPostgres(days));
    }

    /// <summary>Days that are folded become so for more than an hour.</summary>
    public async Task LetAnHourPass()
    {
        await using var connection = await OpenAsOwner();
        await OldUsage.Execute(connection, "update ledger.retired_day set folded_at = folded_at - interval '61 minutes'");
    }

    /// <summary>Partitions of days whose records were retired.</summary>
    public async Task<long> EmptyDaysLeft()
    {
        await using var connection = await OpenAsOwner();
        await using var command = new NpgsqlCommand("select count(*) from ledger.retired_day where to_regclass('ledger.usage_record_' || to_char(day, 'YYYYMMDD')) is not null", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public override IPaymentService StartPaymentService() => new PaymentOnBroker(Broker("BILLING_RABBITMQ_PAYMENT_SERVICE"));

    protected override async Task<RechargeVerdict> ReadRecharges()
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        return await RechargeRows.Read(connection, postgres: true);
    }

    protected override async Task<LedgerRows> ReadLedger()
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        return await LedgerReader.Read(connection, LedgerReader.PostgresSchema);
    }

    async Task<long> Undelivered()
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        return await LedgerReader.CountUndelivered(connection);
    }

    Uri Broker(string variable) => new UriBuilder(_servers[variable]) { Path = _name }.Uri;

    async Task<NpgsqlConnection> OpenAsOwner()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_servers["BILLING_POSTGRES_OWNER"]) { Database = _name, Pooling = false }.ToString());
        await connection.OpenAsync();
        return connection;
    }

    async Task CreateDatabase() => await ExecuteAsAdmin($"create database {_name} owner billing_owner");

    async Task ExecuteAsAdmin(string sql)
    {
        await using var connection = new NpgsqlConnection(_servers["BILLING_POSTGRES_ADMIN"] + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A virtual host with the permissions and policies of definitions.json.</summary>
    async Task CreateVirtualHost()
    {
        await Put($"vhosts/{_name}", new { });
        foreach (var permission in await _management.GetFromJsonAsync<JsonElement[]>($"vhosts/{VirtualHostOfDefinitions}/permissions") ?? [])
            await Put($"permissions/{_name}/{permission.GetProperty("user").GetString()}", permission);
        foreach (var policy in await _management.GetFromJsonAsync<JsonElement[]>($"policies/{VirtualHostOfDefinitions}") ?? [])
            await Put($"policies/{_name}/{policy.GetProperty("name").GetString()}", policy);
    }

    async Task Put(string path, object body)
    {
        using var answer = await _management.PutAsJsonAsync(path, body);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Asked by a passive declare, whose answer is exact; the management interface's counters are seconds old. A queue that is not there holds nothing.</summary>
    async Task<long[]> Depths(IReadOnlyList<string> queues)
    {
        var admin = new UriBuilder(Broker("BILLING_RABBITMQ"));
        var user = new Uri(_servers["BILLING_RABBITMQ_MANAGEMENT"]).UserInfo.Split(':', 2);
        (admin.UserName, admin.Password) = (user[0], user[1]);
        await using var connection = await BrokerPublisher.Factory(admin.Uri).CreateConnectionAsync("checker");
        var depths = new long[queues.Count];
        for (var i = 0; i < depths.Length; i++)
        {
            try
            {
                await using var channel = await connection.CreateChannelAsync();
                depths[i] = (await channel.QueueDeclarePassiveAsync(queues[i])).MessageCount;
            }
            catch (RabbitMQ.Client.Exceptions.OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
            }
        }
        return depths;
    }
}
