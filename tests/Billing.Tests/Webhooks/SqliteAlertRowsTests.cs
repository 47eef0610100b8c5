using Billing.TestSupport.Ledger;
using Billing.TestSupport.Webhooks;

namespace Billing.Tests.Webhooks;

public sealed class SqliteAlertRowsTests : AlertRowsCompliance
{
    protected override async Task<LedgerUnderTest> OpenLedger()
    {
        var ledger = new SqliteLedgerUnderTest();
        await ledger.Prepare();
        return ledger;
    }
}
