using Billing.TestSupport.Catalogues;
using Billing.TestSupport.Ledger;

namespace Billing.Tests.Catalogues;

public sealed class SqliteCatalogueTests : CatalogueCompliance
{
    protected override async Task<LedgerUnderTest> OpenLedger()
    {
        var ledger = new SqliteLedgerUnderTest();
        await ledger.Prepare();
        return ledger;
    }

    protected override ValueTask CloseLedger() => Ledger.DisposeAsync();
}
