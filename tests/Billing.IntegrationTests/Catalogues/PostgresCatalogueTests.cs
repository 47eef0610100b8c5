using Billing.TestSupport.Catalogues;
using Billing.TestSupport.Ledger;

namespace Billing.IntegrationTests.Catalogues;

[Collection(ServersCollection.Name)]
public sealed class PostgresCatalogueTests(PostgresLedger postgres) : CatalogueCompliance, IClassFixture<PostgresLedger>
{
    protected override Task<LedgerUnderTest> OpenLedger() => Task.FromResult<LedgerUnderTest>(postgres.Ledger);

    protected override ValueTask CloseLedger() => postgres.Ledger.CloseStores();
}
