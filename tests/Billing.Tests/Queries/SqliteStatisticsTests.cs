using Billing.TestSupport.Ledger;
using Billing.TestSupport.Queries;

namespace Billing.Tests.Queries;

public sealed class SqliteStatisticsTests : StatisticsCompliance
{
    protected override async Task<LedgerUnderTest> OpenLedger()
    {
        var ledger = new SqliteLedgerUnderTest();
        await ledger.Prepare();
        return ledger;
    }

    protected override ValueTask CloseLedger() => Ledger.DisposeAsync();
}
