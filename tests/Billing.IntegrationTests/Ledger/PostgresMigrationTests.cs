using Billing.TestSupport.Ledger;

namespace Billing.IntegrationTests.Ledger;

[Collection(ServersCollection.Name)]
public sealed class PostgresMigrationTests(Servers servers) : MigrationCompliance
{
    protected override async Task<LedgerUnderTest> OpenEmpty() => await PostgresLedgerUnderTest.CreateEmpty(servers);
}
