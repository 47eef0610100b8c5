using System.Collections.Concurrent;
using Billing.Service.Ledger;
using Billing.Service.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace Billing.TestSupport.Ledger;

public sealed class SqliteLedgerUnderTest : LedgerUnderTest
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("billing-ledger-");
    readonly ConcurrentBag<SqliteLedgerStore> _stores = [];

    public SqliteLedgerUnderTest() => Database = new SqliteDatabase(File);

    public override IDatabase Database { get; }

    string File => Path.Combine(_folder.FullName, "billing.db");

    public override ILedgerStore NewStore()
    {
        var store = new SqliteLedgerStore(new SqliteDatabase(File), TimeProvider.System);
        _stores.Add(store);
        return store;
    }

    public override ValueTask DisposeAsync()
    {
        foreach (var store in _stores) store.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
