using Billing.Service.Hosting;
using Billing.ReliableMessaging;
using Billing.Service.Batching;
using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.Service.Ledger.Migrations;
using Billing.Service.Ledger.Postgres;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Billing.Benchmarks;

/// <summary>A fresh database of its own for each measurement, and the real ledger on it.</summary>
sealed class Bench : IAsyncDisposable, IRules
{
    readonly string _name;
    readonly string _adminConnection;
    readonly ServiceProvider _messaging;

    Bench(string name, string adminConnection, NpgsqlDataSource dataSource)
    {
        (_name, _adminConnection, DataSource) = (name, adminConnection, dataSource);
        _messaging = Messaging(dataSource);
        Store = new PostgresLedgerStore(dataSource, _messaging.GetRequiredService<IOutbox<LedgerOutbox>>());
        Ledger = new LedgerWriter(Store, this);
    }

    public string Name => _name;
    public NpgsqlDataSource DataSource { get; }
    public string ConnectionString => new NpgsqlConnectionStringBuilder(_adminConnection) { Database = _name }.ToString();
    public PostgresLedgerStore Store { get; }
    public LedgerWriter Ledger { get; }
    public ChargingRules Current { get; } = new(new Catalogue(1, Workload.Services), new BillingCalendar(TimeZoneInfo.Utc));
    public string Currency => "USD";

    public Task Refresh(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <param name="template">The name of a database to begin as a copy of; nobody may be connected to it.</param>
    public static async Task<Bench> Create(string? template = null)
    {
        // The schema's owner, where there is one: each measurement makes a database.
        var connection = Environment.GetEnvironmentVariable("BILLING_POSTGRES_OWNER") ?? Environment.GetEnvironmentVariable("BILLING_POSTGRES") ?? throw new InvalidOperationException("Run ./bench.sh, or set BILLING_POSTGRES.");
        var name = $"bench_{Guid.CreateVersion7():N}";
        await using (var admin = NpgsqlDataSource.Create(connection)) await Execute(admin, template is null ? $"create database {name}" : $"create database {name} template {template} strategy file_copy");
        var dataSource = PostgresConnections.ForCharging(new NpgsqlConnectionStringBuilder(connection) { Database = name, Timeout = 60, CommandTimeout = 300 }.ToString());
        var bench = new Bench(name, connection, dataSource);
        if (template is null) await new Migrator(new PostgresDatabase(dataSource), Schemas.All, TimeProvider.System, NullLogger<Migrator>.Instance).Migrate(CancellationToken.None);
        return bench;
    }

    /// <summary>Accounts that are there and rich: the load is charging, not opening.</summary>
    public async Task OpenAccounts(int users)
    {
        await Execute(DataSource,
            $"""
            insert into account (user_id, balance_nanos, last_entry_number) select 'user-' || lpad(g::text, 7, '0'), 1000000000000, 1 from generate_series(0, {users - 1}) g;
            insert into ledger_entry (account_id, entry_number, kind, operation_id, amount_nanos, balance_after_nanos, entered_at, actor, reason)
            select account_id, 1, 4, gen_random_uuid(), balance_nanos, balance_nanos, now(), 'bench', 'funds' from account;
            insert into operator_act (kind, operation_id, account_id, actor, reason, detail, acted_at)
            select 'adjust_balance', operation_id, account_id, actor, reason, '[]', entered_at from ledger_entry;
            insert into free_quota (account_id, service_id, month, granted, used)
            select account_id, s, date_trunc('month', now() at time zone 'utc')::date, 20, 0 from account, generate_series(1, 5) s;
            """);
        await Execute(DataSource, "vacuum analyze account");
        await Execute(DataSource, "vacuum analyze free_quota");
    }

    public async Task<ChargingBatcher> StartBatcher()
    {
        var batcher = new ChargingBatcher(Ledger, Store, Options.Create(new BatchingOptions()), NullLoggerFactory.Instance);
        await batcher.StartAsync(CancellationToken.None);
        return batcher;
    }

    // The outbox is written to and not delivered: no bus is started.
    static ServiceProvider Messaging(NpgsqlDataSource dataSource)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IDatabase>(new PostgresDatabase(dataSource));
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddLedgerOutbox(onPostgres: true);
            bus.UsingInMemory();
        });
        return services.BuildServiceProvider();
    }

    public static async Task Execute(NpgsqlDataSource dataSource, string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.CommandTimeout = 300;
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _messaging.DisposeAsync();
        await DataSource.DisposeAsync();
        await using var admin = NpgsqlDataSource.Create(_adminConnection);
        await Execute(admin, $"drop database {_name}");
    }
}
