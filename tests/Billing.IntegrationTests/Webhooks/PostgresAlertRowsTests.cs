using Billing.TestSupport.Ledger;
using Billing.TestSupport.Webhooks;

namespace Billing.IntegrationTests.Webhooks;

[Collection(ServersCollection.Name)]
public sealed class PostgresAlertRowsTests(Servers servers) : AlertRowsCompliance
{
    protected override async Task<LedgerUnderTest> OpenLedger() => await PostgresLedgerUnderTest.Create(servers);
}
