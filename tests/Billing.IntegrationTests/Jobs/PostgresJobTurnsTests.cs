using Billing.TestSupport.Jobs;
using Billing.TestSupport.Ledger;

namespace Billing.IntegrationTests.Jobs;

[Collection(ServersCollection.Name)]
public sealed class PostgresJobTurnsTests(Servers servers) : JobTurnsCompliance
{
    protected override async Task<LedgerUnderTest> OpenLedger() => await PostgresLedgerUnderTest.Create(servers);
}
