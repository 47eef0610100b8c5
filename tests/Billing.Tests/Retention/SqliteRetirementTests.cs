using Billing.TestSupport.Ledger;
using Billing.TestSupport.Retention;

namespace Billing.Tests.Retention;

public sealed class SqliteRetirementTests : RetirementCompliance
{
    protected override async Task<LedgerUnderTest> OpenLedger()
    {
        var ledger = new SqliteLedgerUnderTest();
        await ledger.Prepare();
        return ledger;
    }
}
