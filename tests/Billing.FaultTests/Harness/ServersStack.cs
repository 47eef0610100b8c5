using System.Globalization;
using System.Text.Json;
using Billing.FaultTests.Harness.Recharges;
using Npgsql;

namespace Billing.FaultTests.Harness;

/// <summary>The service on RabbitMQ, PostgreSQL and Redis, over wires that can fail, with a virtual host and a database of its own.</summary>
sealed class ServersStack : Stack
{
    static readonly string[] WorkQueues =
        ["billing-usage", "billing-usage-batch", "billing-deduct-quota", "billing-check-quota", "billing-initialize-account", "billing-get-account", "billing-adjust-balance",
            "billing-credit-account", "billing-refund-credit", "billing-webhooks", "billing-recharges", "billing-payment-desk", "billing-payment-created", "billing-payment-succeeded",
            "billing-payment-failed", "billing-payment-refunded", "payment-service"];

    readonly PrivateServers _servers;
    readonly string _name;

    ServersStack(PrivateServers servers, ITestOutputHelper output) : base(output)
    {
        _servers = servers;
        Wires = new Wires(servers);
        _name = $"faults_{Guid.CreateVersion7():N}";
        VirtualHost = new StackVirtualHost(servers, _name);
    }

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("BILLING_POSTGRES", Over(Wires.Postgres, Database)),
        new("BILLING_POSTGRES_OWNER", new NpgsqlConnectionStringBuilder(_servers["BILLING_POSTGRES_OWNER"]) { Database = _name }.ToString()),
        new("BILLING_RABBITMQ", new UriBuilder(VirtualHost["BILLING_RABBITMQ"]) { Port = Wires.RabbitMq.Port }.ToString()),
        CacheOver(Wires.Redis),
        new("Broker__LookAtBusEvery", "00:00:02"),
    ];

    /// <summary>The services' ways to their servers; gateways and payment services have ways of their own.</summary>
    public Wires Wires { get; }

    public StackVirtualHost VirtualHost { get; }

    public PrivateServers Servers => _servers;

    Uri Gateway => VirtualHost["BILLING_RABBITMQ_GATEWAY"];
    string Database => new NpgsqlConnectionStringBuilder(_servers["BILLING_POSTGRES"]) { Database = _name }.ToString();

    public static async Task<ServersStack> Create(PrivateServers servers, ITestOutputHelper output)
    {
        // An earlier test may have left one of them dead, and its users in the cache.
        await servers.Start(PrivateServers.Postgres);
        await servers.Start(PrivateServers.RabbitMq);
        await servers.Kill(PrivateServers.Redis);
        await servers.Start(PrivateServers.Redis);
        var stack = new ServersStack(servers, output);
        await stack.CreateDatabase();
        await stack.VirtualHost.Create();
        return stack;
    }

    public override ILoad StartLoad() => new BrokerLoad(Gateway, Traffic, Journal);

    /// <summary>A gateway with the client library; all of one stack are one gateway that starts again.</summary>
    public GatewayProcess StartGateway(string durability) => new(Folder, Gateway, durability);

    /// <summary>A gateway with the client library that leases for one user, and keeps every usage in its journal; those of one number are one gateway.</summary>
    public GatewayProcess StartLessee(int number, string user, params (string Name, string Value)[] settings) =>
        new(Directory.CreateDirectory(Path.Combine(Folder, $"lessee-{number}")).FullName, Gateway, "Journal", [("GATEWAY_LESSEE", user), .. settings]);

    /// <summary>For a service that goes its own way to the cache.</summary>
    public KeyValuePair<string, string> CacheOver(Wire wire) => new("BILLING_REDIS", _servers["BILLING_REDIS"].Replace($":{_servers.PortOf(PrivateServers.Redis)},", $":{wire.Port},", StringComparison.Ordinal));

    /// <summary>SQL as the database's own superuser.</summary>
    public async Task ExecuteAsAdmin(string sql, CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_servers["BILLING_POSTGRES_ADMIN"]) { Database = _name, Pooling = false }.ToString());
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>How often PostgreSQL has ended a transaction of this database for standing in a circle.</summary>
    public async Task<long> Deadlocks()
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select deadlocks from pg_stat_database where datname = current_database()", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

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
        var depths = await VirtualHost.Depths(WorkQueues);
        return depths.Sum();
    }

    /// <summary>The payment service says once that a recharge was paid.</summary>
    public async Task TellPaid(Guid rechargeId, string amount)
    {
        await using var publisher = new BrokerPublisher(VirtualHost["BILLING_RABBITMQ_PAYMENT_SERVICE"]);
        await publisher.PublishUntilConfirmed("Billing.Contracts:PaymentSucceeded", JsonSerializer.SerializeToUtf8Bytes(new { rechargeId, paymentId = $"pay-{rechargeId:N}", amount, currency = "USD" }));
    }

    /// <summary>A usage that nobody can read.</summary>
    public async Task SendPoison()
    {
        await using var publisher = new BrokerPublisher(Gateway);
        await publisher.PublishUntilConfirmed(BrokerPublisher.UsageOccurred, "no JSON"u8.ToArray());
    }

    /// <summary>What a statement finds in the service's database.</summary>
    public async Task<double> Number(string sql) => Convert.ToDouble(await Scalar(sql), System.Globalization.CultureInfo.InvariantCulture);

    public async Task<IReadOnlyList<string>> Texts(string sql) => (string[])(await Scalar($"select array({sql})"))!;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _servers.Start(PrivateServers.Postgres);
        await _servers.Start(PrivateServers.RabbitMq);
        await VirtualHost.Delete();
        await ExecuteAsAdminOfAll($"drop database {_name} with (force)");
        await Wires.DisposeAsync();
        VirtualHost.Dispose();
    }

    // The outbox first: what it publishes lies in a queue next.
    protected override async Task<bool> IsQuiet() => await Undelivered() == 0 && await Waiting() == 0;

    protected override async Task<(long Stuck, long Errors)> LeftInQueues()
    {
        var stuck = await VirtualHost.Depths(WorkQueues);
        string[] failed = [.. WorkQueues.Select(queue => $"{queue}_error"), .. WorkQueues.Select(queue => $"{queue}_skipped")];
        var errors = await VirtualHost.Depths(failed);
        foreach (var (queue, count) in failed.Zip(errors).Where(one => one.Second > 0)) Output.WriteLine($"{queue}: {count}, such as {await VirtualHost.WhyIn(queue)}");
        return (stuck.Sum(), errors.Sum());
    }

    protected override async Task<int> CacheDiffers()
    {
        var (exitCode, report) = await ServiceProcess.Run(Settings, "verify-cache");
        if (exitCode is not (0 or 1)) throw new InvalidOperationException($"verify-cache ended with {exitCode}: {report}");
        var differ = int.Parse(report[(report.LastIndexOf("entries, ", StringComparison.Ordinal) + "entries, ".Length)..].Split(' ')[0], CultureInfo.InvariantCulture);
        if (differ > 0) Output.WriteLine(report);
        return differ;
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

    public override IPaymentService StartPaymentService() => new PaymentOnBroker(VirtualHost["BILLING_RABBITMQ_PAYMENT_SERVICE"]);

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

    static string Over(Wire wire, string database) => new NpgsqlConnectionStringBuilder(database) { Port = wire.Port }.ToString();

    async Task<object?> Scalar(string sql)
    {
        // None is kept for later: a server that was killed meanwhile would have ended it.
        await using var connection = new NpgsqlConnection($"{Database};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    async Task<NpgsqlConnection> OpenAsOwner()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_servers["BILLING_POSTGRES_OWNER"]) { Database = _name, Pooling = false }.ToString());
        await connection.OpenAsync();
        return connection;
    }

    async Task CreateDatabase() => await ExecuteAsAdminOfAll($"create database {_name} owner billing_owner");

    async Task ExecuteAsAdminOfAll(string sql)
    {
        await using var connection = new NpgsqlConnection(_servers["BILLING_POSTGRES_ADMIN"] + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
