using Billing.Demo.Gateway;
using Billing.Demo.Partner;
using Billing.Demo.Payments.Scripting;
using Billing.Demo.Progress;
using Billing.Demo.Recharges;
using Billing.Demo.Traffic;
using Billing.Demo.Web;
using Billing.Service.Ledger;
using Billing.Service.Ledger.Postgres;
using Npgsql;

namespace Billing.Demo.Stack;

/// <summary>Real servers: this process is the gateways, with the gateway's rights; each instance of the service is a process of its own.</summary>
sealed class ServersStack : IStack
{
    const string OwnerVariable = "BILLING_POSTGRES_OWNER";
    const string PaymentVariable = "BILLING_RABBITMQ_PAYMENT_SERVICE";

    static readonly string[] Queues =
    [
        "billing-usage", "billing-usage-batch", "billing-recharges", "billing-payment-desk", "billing-credit-account", "billing-refund-credit",
        "billing-payment-created", "billing-payment-succeeded", "billing-payment-failed", "billing-payment-refunded",
    ];

    readonly string _postgres, _redis;
    readonly Uri _gatewayAddress;
    readonly NpgsqlDataSource _dataSource;
    readonly IReadOnlyList<ServiceProcess> _services;
    readonly RunFolder _folder;
    readonly TimeProvider _time;
    readonly RabbitMqQueues _queues;
    readonly Notes _notes;
    PaymentServiceProcess? _payments;

    public ServersStack(RunFolder folder, int instances, string? catalogueFile, Notes notes, TimeProvider time)
    {
        (_folder, _notes, _time) = (folder, notes, time);
        _postgres = Address("BILLING_POSTGRES");
        _redis = Environment.GetEnvironmentVariable("BILLING_REDIS") ?? "";
        var rabbitMq = Address("BILLING_RABBITMQ");
        _gatewayAddress = new Uri(Address("BILLING_RABBITMQ_GATEWAY"));
        _queues = new RabbitMqQueues(_gatewayAddress);
        _dataSource = PostgresConnections.ForTheRest(_postgres);
        var environment = new Dictionary<string, string> { ["BILLING_POSTGRES"] = _postgres, ["BILLING_RABBITMQ"] = rabbitMq, ["BILLING_REDIS"] = _redis };
        if (catalogueFile is not null) environment["Billing__CatalogueFile"] = catalogueFile;
        foreach (var (name, value) in RechargeTimes.Settings) environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        _services = [.. Enumerable.Range(1, instances).Select(number => new ServiceProcess(environment, folder.LogFileOf(number), notes, time))];
    }

    public string Description => $"servers: the gateways here, the service in {(_services.Count == 1 ? "process" : "processes")} {string.Join(" and ", _services.Select(service => service.Id))}, the payment service in another, RabbitMQ, PostgreSQL{(_redis.Length > 0 ? ", Redis" : "")}";

    Uri IStack.Address => _services[0].Address;

    public Uri GatewayAddress => _gatewayAddress;

    public string LogFile => _folder.LogFile;

    public IDatabase Database => new PostgresDatabase(_dataSource);

    public TrafficMix Mix => TrafficMix.Servers;

    public int Restarts => _services.Sum(service => service.Restarts);

    public IReadOnlyDictionary<string, string> CommandEnvironment => new Dictionary<string, string> { ["BILLING_POSTGRES"] = _postgres, ["BILLING_REDIS"] = _redis };

    public async Task Start(CancellationToken cancellationToken)
    {
        await Migrate();
        foreach (var service in _services) await service.Start(cancellationToken);
    }

    /// <summary>The owner of the database brings its schema; the service has no right to.</summary>
    async Task Migrate()
    {
        if (Environment.GetEnvironmentVariable(OwnerVariable) is not { Length: > 0 } owner) return;
        var (exitCode, lines) = await ServiceCommand.Run(new Dictionary<string, string>(CommandEnvironment) { [OwnerVariable] = owner }, "migrate");
        if (exitCode != 0) throw new DemoFailure($"The database could not be brought to this version's schema:\n  {string.Join("\n  ", lines)}");
    }

    public IReadOnlyList<IMessageDoor> OpenUncheckedDoors(int connections, GatewayLog log) =>
        [.. Enumerable.Range(1, connections).Select(number => new RabbitMqDoor(_gatewayAddress, $"billing-demo gateway {number}", log, _time))];

    public async Task<IRechargeDoor> OpenRechargeDoor(CancellationToken cancellationToken) =>
        await BrokerRechargeDoor.Open(new Uri(Address("BILLING_RABBITMQ_WEB")), new Uri(Address("BILLING_RABBITMQ_OPERATOR")), cancellationToken);

    public Task<IWebDoor> OpenWebDoor(CancellationToken cancellationToken) => BrokerWebDoor.Open(new Uri(Address("BILLING_RABBITMQ_WEB")), cancellationToken);

    public Task<IKeyDoor> OpenKeyDoor(CancellationToken cancellationToken) => BrokerKeyDoor.Open(new Uri(Address("BILLING_RABBITMQ_API_KEY_SERVICE")), cancellationToken);

    public async Task<IAsyncDisposable> OpenPaymentService(string journalFile, int seed, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string> { [PaymentVariable] = Address(PaymentVariable) };
        _payments = new PaymentServiceProcess(environment, journalFile, seed, _folder.PaymentLogFile, _notes, _time);
        await _payments.Start(cancellationToken);
        return _payments;
    }

    public IReadOnlyList<string> Misbehaviours => Channels.Misbehaviours;

    public RechargeTables RechargeTables => RechargeTables.Postgres;

    public Task<long> MessagesWaiting(CancellationToken cancellationToken) => _queues.Waiting(Queues, cancellationToken);

    public Task Stop() => Task.WhenAll(_services.Select(service => service.Stop()));

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services) await service.DisposeAsync();
        await _queues.DisposeAsync();
        await _dataSource.DisposeAsync();
    }

    static string Address(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } address
        ? address
        : throw new DemoFailure($"{variable} is not set. `./run.sh demo --servers` starts private servers and sets it; for servers of your own see scripts/servers.sh --help.");
}
