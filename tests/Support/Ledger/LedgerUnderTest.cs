using Billing.Service.Hosting;
using Billing.Service.Catalogues;
using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.Service.Ledger.Migrations;
using Billing.TestSupport.Queries;
using Microsoft.Extensions.Logging.Abstractions;

namespace Billing.TestSupport.Ledger;

/// <summary>A database with schema and catalogue, and as many instances of the service's ledger on it as a test wants.</summary>
public abstract class LedgerUnderTest : IAsyncDisposable
{
    Rules? _rules;
    UndeliveredOutbox? _outbox;

    public abstract IDatabase Database { get; }

    /// <summary>The moment that the service's own clock shows; a database may have another.</summary>
    public virtual DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public IRules Rules => _rules!;

    public UndeliveredOutbox Outbox => _outbox ??= new UndeliveredOutbox(Database);

    /// <summary>The store of another instance of the service on the same database.</summary>
    public abstract ILedgerStore NewStore();

    /// <summary>The readers of another instance of the service on the same database.</summary>
    public abstract Readers NewReaders();

    /// <summary>What retires old records, in another instance of the service on the same database.</summary>
    public abstract IRecordRetirement NewRetirement();

    public LedgerWriter NewWriter() => NewWriter(Rules);

    public LedgerWriter NewWriter(IRules rules) => new(NewStore(), rules);

    public CatalogueStore NewCatalogue() => new(Database, TimeProvider.System);

    /// <summary>The rules of another instance of the service, as it loads them at its start.</summary>
    public async Task<Rules> NewRules()
    {
        var catalogue = NewCatalogue();
        var rules = new Rules(catalogue, NullLogger<Rules>.Instance);
        rules.Use(new ChargingRules(await catalogue.Load(default), new BillingCalendar(TimeZoneInfo.Utc)), "USD");
        return rules;
    }

    public virtual Migrator NewMigrator() => new(Database, Schemas.All, TimeProvider.System, NullLogger<Migrator>.Instance);

    public async Task Prepare()
    {
        await NewMigrator().Migrate(default);
        // What a start of the service writes down: the audit reads the months of free quotas from it.
        await Execute("insert into deployment (currency, time_zone) values ('USD', 'UTC') on conflict do nothing");
        await NewCatalogue().SeedOnce(await TestCatalogue.Read(), default);
        _rules = await NewRules();
    }

    public async Task<int> Execute(string sql, params object?[] parameters)
    {
        await using var connection = await Database.Open(default);
        await using var command = Database.Statement(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<long> Count(string sql, params object?[] parameters)
    {
        await using var connection = await Database.Open(default);
        await using var command = Database.Statement(connection, sql, parameters);
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_outbox is not null) await _outbox.DisposeAsync();
    }
}
