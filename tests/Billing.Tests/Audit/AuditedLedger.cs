using Billing.Service.Hosting;
using Billing.Service.Audit;
using Billing.Service.Catalogues;
using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.Service.Ledger.Migrations;
using Microsoft.Extensions.Logging.Abstractions;

namespace Billing.Tests.Audit;

/// <summary>A ledger that the service's own writer has filled, and that a test may damage behind the service's back.</summary>
public abstract class AuditedLedger : IAsyncDisposable
{
    const string TimeZone = "Asia/Kathmandu";

    LedgerWriter? _writer;

    public abstract IDatabase Database { get; }

    public abstract ILedgerStore Store { get; }

    public Story Story { get; } = new(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(TimeZone));

    public async Task Fill()
    {
        await new Migrator(Database, Schemas.All, TimeProvider.System, NullLogger<Migrator>.Instance).Migrate(default);
        await Execute("insert into deployment (currency, time_zone) values ($1, $2)", "USD", TimeZone);
        var catalogue = new CatalogueStore(Database, TimeProvider.System);
        await catalogue.SeedOnce(Story.Catalogue, default);
        await Execute("insert into price (service_id, version, amount_nanos, per_units, effective_from) values (1, 2, 50000000, 1, $1)", Story.SecondPriceFrom);

        var rules = new Rules(catalogue, NullLogger<Rules>.Instance);
        rules.Use(new ChargingRules(await catalogue.Load(default), new BillingCalendar(TimeZoneInfo.FindSystemTimeZoneById(TimeZone))), "USD");
        _writer = new LedgerWriter(Store, rules);
        foreach (var batch in Story.Batches) await _writer.Apply(batch, default);
    }

    /// <summary>More of the story: all of it must be taken.</summary>
    public async Task Apply(params IReadOnlyList<Operation> operations) =>
        Assert.All(await _writer!.Apply(operations, default), outcome => Assert.IsNotType<Refused>(outcome));

    public Task<AuditReport> Audit(string? published = null) => AuditRun.Execute(Database, published, default);

    public async Task<int> Execute(string sql, params object?[] parameters)
    {
        await using var connection = await Database.Open(default);
        await using var command = Database.Statement(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Runs a statement that must change something, with no CHECK constraint in its way.</summary>
    public abstract Task Damage(string sql, params object?[] parameters);

    /// <summary>Leaves of a table's definition the columns alone.</summary>
    public async Task DropKeys(string table)
    {
        await Execute($"create table without_keys as select * from {table}");
        await Execute($"drop table {table}");
        await Execute($"alter table without_keys rename to {table}");
    }

    /// <summary>Puts a second record of a usage beside the first, as far as the engine lets anyone.</summary>
    public abstract Task CopyRecord(Guid usageId);

    public abstract ValueTask DisposeAsync();
}
