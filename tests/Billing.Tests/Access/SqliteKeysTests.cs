using Billing.TestSupport.Access;
using Billing.TestSupport.Ledger;

namespace Billing.Tests.Access;

public sealed class SqliteKeysTests : KeysCompliance
{
    protected override async Task<LedgerUnderTest> OpenLedger()
    {
        var ledger = new SqliteLedgerUnderTest();
        await ledger.Prepare();
        return ledger;
    }

    protected override ValueTask CloseLedger() => Ledger.DisposeAsync();
}
