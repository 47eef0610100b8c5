using Billing.TestSupport.Ledger;
using Billing.TestSupport.Queries;

namespace Billing.IntegrationTests.Queries;

[Collection(ServersCollection.Name)]
public sealed class PostgresStatisticsTests(PostgresLedger postgres) : StatisticsCompliance, IClassFixture<PostgresLedger>
{
    protected override Task<LedgerUnderTest> OpenLedger() => Task.FromResult<LedgerUnderTest>(postgres.Ledger);

    protected override ValueTask CloseLedger() => postgres.Ledger.CloseStores();
}
