namespace Billing.TestSupport.Ledger;

/// <summary>A PostgreSQL ledger for the tests of one class, each with users of its own.</summary>
public sealed class PostgresLedger(Servers servers) : IAsyncLifetime
{
    public PostgresLedgerUnderTest Ledger { get; private set; } = null!;

    public async Task InitializeAsync() => Ledger = await PostgresLedgerUnderTest.Create(servers);

    public async Task DisposeAsync() => await Ledger.DisposeAsync();
}
