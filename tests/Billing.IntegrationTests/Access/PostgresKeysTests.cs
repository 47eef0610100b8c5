using Billing.TestSupport.Access;
using Billing.TestSupport.Ledger;

namespace Billing.IntegrationTests.Access;

[Collection(ServersCollection.Name)]
public sealed class PostgresKeysTests(PostgresLedger postgres) : KeysCompliance, IClassFixture<PostgresLedger>
{
    protected override Task<LedgerUnderTest> OpenLedger() => Task.FromResult<LedgerUnderTest>(postgres.Ledger);

    protected override ValueTask CloseLedger() => postgres.Ledger.CloseStores();
}
