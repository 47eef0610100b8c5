using Billing.TestSupport.Ledger;

namespace Billing.Tests.Ledger;

public sealed class SqliteMigrationTests : MigrationCompliance
{
    protected override Task<LedgerUnderTest> OpenEmpty() => Task.FromResult<LedgerUnderTest>(new SqliteLedgerUnderTest());
}
