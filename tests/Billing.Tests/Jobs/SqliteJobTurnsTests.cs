using Billing.TestSupport.Jobs;
using Billing.TestSupport.Ledger;

namespace Billing.Tests.Jobs;

public sealed class SqliteJobTurnsTests : JobTurnsCompliance
{
    protected override async Task<LedgerUnderTest> OpenLedger()
    {
        var ledger = new SqliteLedgerUnderTest();
        await ledger.Prepare();
        return ledger;
    }
}
