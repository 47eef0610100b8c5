using Billing.Service.Ledger;
using Billing.Service.Ledger.Sqlite;
using Billing.Service.Queries.Sqlite;
using Billing.TestSupport.Queries;
using Microsoft.Data.Sqlite;

namespace Billing.TestSupport.Ledger;

public sealed class SqliteLedgerUnderTest : LedgerUnderTest
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("billing-ledger-");

    public SqliteLedgerUnderTest() => Database = new SqliteDatabase(File);

    public override IDatabase Database { get; }

    string File => Path.Combine(_folder.FullName, "billing.db");

    public override ILedgerStore NewStore() => new SqliteLedgerStore(new SqliteDatabase(File), Outbox.Outbox, TimeProvider.System);

    public override IRecordRetirement NewRetirement() => new SqliteRetirement(new SqliteDatabase(File), TimeProvider.System);

    public override Readers NewReaders()
    {
        var database = new SqliteDatabase(File);
        return new Readers(new SqliteRecordsReader(database), new SqliteAccountsReader(database, TimeProvider.System), new SqliteStatisticsReader(database, TimeProvider.System));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
