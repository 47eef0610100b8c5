using Billing.Service.Catalogues;

namespace Billing.TestSupport.Ledger;

/// <summary>Migrations and the first catalogue, on a database that is still empty.</summary>
public abstract class MigrationCompliance : IAsyncLifetime
{
    protected LedgerUnderTest Ledger { get; private set; } = null!;

    protected abstract Task<LedgerUnderTest> OpenEmpty();

    public async Task InitializeAsync() => Ledger = await OpenEmpty();

    public async Task DisposeAsync() => await Ledger.DisposeAsync();

    [Fact]
    public async Task They_apply_from_empty_and_again_without_harm()
    {
        await Ledger.Prepare();
        var auditor = new Auditor(Ledger.Database);
        var usage = auditor.Charged(TestUsage.Of(Ids.User("kept")));
        await Ledger.NewWriter().Apply([usage.ToCharge()], default);

        await Ledger.Prepare();
        await Ledger.NewWriter().Apply([usage.ToCharge()], default);
        await auditor.Check();
    }

    [Fact]
    public async Task Several_instances_may_start_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Ledger.NewMigrator().Migrate(default))));
        var file = await TestCatalogue.Read();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => new CatalogueStore(Ledger.Database).SeedOnce(file, default))));

        Assert.Equal(TestCatalogue.Services.Count(), await Ledger.Count("select count(*) from service"));
        Assert.Equal(TestCatalogue.Services.Order(), (await new CatalogueStore(Ledger.Database).Load(default)).Services.Select(service => service.Name).Order());
        Assert.Equal(1, await Ledger.Count("select count(*) from schema_migration where version = 1"));
    }

    [Fact]
    public async Task An_older_program_refuses_a_newer_database()
    {
        await Ledger.Prepare();
        await Ledger.Execute("insert into schema_migration (version, name) values (9999, 'from the future')");
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Ledger.NewMigrator().Migrate(default));
        Assert.Contains("start a newer program", refused.Message);
    }
}
