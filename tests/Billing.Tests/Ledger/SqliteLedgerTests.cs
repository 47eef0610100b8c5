using Billing.Service.Ledger;
using Billing.TestSupport.Ledger;
using Microsoft.Data.Sqlite;

namespace Billing.Tests.Ledger;

public sealed class SqliteLedgerTests : LedgerCompliance
{
    protected override async Task<LedgerUnderTest> OpenLedger()
    {
        var ledger = new SqliteLedgerUnderTest();
        await ledger.Prepare();
        return ledger;
    }

    protected override ValueTask CloseLedger() => Ledger.DisposeAsync();

    [Theory]
    [InlineData(5)]  // SQLITE_BUSY
    [InlineData(10)] // SQLITE_IOERR
    [InlineData(13)] // SQLITE_FULL
    [InlineData(14)] // SQLITE_CANTOPEN
    public void A_file_that_is_busy_full_or_away_will_do_later(int code) =>
        Assert.Equal(FailureKind.Unavailable, Ledger.NewStore().Classify(new SqliteException("", code)));

    [Fact]
    public void One_batch_writes_the_file_at_a_time() => Assert.Equal(1, Ledger.NewStore().ConcurrentBatchesMax);
}
