using System.Globalization;
using System.Net;
using Billing.Service.Ledger.Postgres;
using Billing.TestSupport.Broker;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Billing.TestSupport;

/// <summary>The service on a fresh PostgreSQL database and a fresh virtual host of RabbitMQ, for the tests of one class.</summary>
public class ServiceOnServers(Servers servers) : IAsyncLifetime
{
    PostgresTestDatabase _database = null!;

    public Servers Servers { get; } = servers;

    public TestService Service { get; private set; } = null!;
    public BrokerVhost Broker { get; private set; } = null!;
    public Publisher Gateway { get; private set; } = null!;
    public Requester Requests { get; private set; } = null!;

    /// <summary>What the service has taken from the broker and settled.</summary>
    public ReceiveCounter Received { get; } = new();

    /// <summary>The test's own connections to the service's database.</summary>
    public NpgsqlDataSource Database { get; private set; } = null!;

    public string Postgres => _database.ConnectionString;

    public Task TakeDatabaseAway() => _database.GoAway();

    public Task GiveDatabaseBack() => _database.ComeBack();

    public Auditor NewAuditor() => new(new PostgresDatabase(Database));

    public virtual async Task InitializeAsync()
    {
        _database = await PostgresTestDatabase.Create(Servers);
        Database = _database.DataSource();
        Broker = await BrokerVhost.Create(Servers);
        Service = await TestService.Start(_database.ConnectionString, Broker.AsService, settings: Settings);
        Service.Services.GetRequiredService<IBus>().ConnectReceiveObserver(Received);
        Gateway = await Publisher.Connect(Broker.AsGateway);
        Requests = await Requester.Connect(Broker.AsGateway);
        await Eventually.That(async () => (await Service.Http.GetAsync("/health/ready")).StatusCode, status => status == HttpStatusCode.OK, "the service is ready");
    }

    /// <summary>Settings of the service, such as <c>Broker:UsagePrefetch=10</c>.</summary>
    protected virtual string[] Settings => [];

    public async Task<long> Count(string sql, params object[] parameters)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }

    /// <summary>A number of the page of metrics, by its whole name; 0 where it is not there.</summary>
    public async Task<double> Metric(string series) => (await Service.Http.GetStringAsync("/metrics")).Split('\n')
        .Where(line => line.StartsWith($"{series} ", StringComparison.Ordinal)).Select(line => double.Parse(line[(series.Length + 1)..], CultureInfo.InvariantCulture)).SingleOrDefault();

    public Task WaitUntilCharged(params IReadOnlyCollection<TestUsage> usages) => Eventually.That(
        () => Count("select count(*) from usage_record where usage_id = any($1)", usages.Select(usage => usage.UsageId).ToArray()),
        charged => charged >= usages.Select(usage => usage.UsageId).Distinct().Count(), $"all {usages.Count} usages are charged");

    public virtual async Task DisposeAsync()
    {
        await Requests.DisposeAsync();
        await Gateway.DisposeAsync();
        await Service.DisposeAsync();
        await Broker.DisposeAsync();
        await Database.DisposeAsync();
        await _database.DisposeAsync();
    }
}
