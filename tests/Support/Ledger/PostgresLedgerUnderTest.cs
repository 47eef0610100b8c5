using System.Collections.Concurrent;
using Billing.Service.Ledger;
using Billing.Service.Ledger.Migrations;
using Billing.Service.Ledger.Postgres;
using Billing.Service.Queries.Postgres;
using Billing.TestSupport.Queries;
using Npgsql;

namespace Billing.TestSupport.Ledger;

public sealed class PostgresLedgerUnderTest : LedgerUnderTest
{
    readonly PostgresTestDatabase _database;
    readonly ConcurrentBag<NpgsqlDataSource> _sources = [];

    PostgresLedgerUnderTest(PostgresTestDatabase database)
    {
        _database = database;
        DataSource = database.DataSource();
        Database = new PostgresDatabase(DataSource);
    }

    public override IDatabase Database { get; }

    /// <summary>The test's own connections.</summary>
    public NpgsqlDataSource DataSource { get; }

    public string ConnectionString => _database.ConnectionString;

    public override Migrator NewMigrator() => _database.NewMigrator(Database);

    public static async Task<PostgresLedgerUnderTest> CreateEmpty(Servers servers) => new(await PostgresTestDatabase.CreateEmpty(servers));

    public static async Task<PostgresLedgerUnderTest> Create(Servers servers)
    {
        var ledger = await CreateEmpty(servers);
        await ledger.Prepare();
        return ledger;
    }

    public override ILedgerStore NewStore()
    {
        var source = PostgresConnections.ForCharging(ConnectionString);
        _sources.Add(source);
        return new PostgresLedgerStore(source, Outbox.Outbox);
    }

    public override IRecordRetirement NewRetirement()
    {
        // As the service's own user, who may delete no record.
        var source = PostgresConnections.ForTheRest(ConnectionString);
        _sources.Add(source);
        return new PostgresRetirement(new PostgresDatabase(source));
    }

    public override Readers NewReaders()
    {
        var source = PostgresConnections.ForReading(ConnectionString, connectionsMax: 4, commandTimeoutSeconds: 10);
        _sources.Add(source);
        return new Readers(new PostgresRecordsReader(source), new PostgresAccountsReader(source), new PostgresStatisticsReader(source));
    }

    public Task<long> Deadlocks() => _database.Deadlocks();

    /// <summary>Ends the instances that a test has started.</summary>
    public async ValueTask CloseStores()
    {
        foreach (var source in _sources) await source.DisposeAsync();
        _sources.Clear();
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseStores();
        await base.DisposeAsync();
        await DataSource.DisposeAsync();
        await _database.DisposeAsync();
    }
}
