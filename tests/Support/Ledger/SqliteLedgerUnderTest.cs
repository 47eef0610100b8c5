using Billing.Service.Ledger;
using Billing.Service.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace Billing.TestSupport.Ledger;

public sealed class SqliteLedgerUnderTest : LedgerUnderTest
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("billing-ledger-");

    public SqliteLedgerUnderTest() => Database = new SqliteDatabase(File);

    public override IDatabase Database { get; }

    string File => Path.Combine(_folder.FullName, "billing.db");

    public override ILedgerStore NewStore() => new SqliteLedgerStore(new SqliteDatabase(File), Outbox.Outbox, TimeProvider.System);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
