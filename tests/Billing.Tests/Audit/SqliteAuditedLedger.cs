using Billing.Service.Ledger;
using Billing.Service.Ledger.Sqlite;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Billing.Tests.Audit;

sealed class SqliteAuditedLedger : AuditedLedger
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("billing-audit-");
    readonly SqliteLedgerStore _store;

    public SqliteAuditedLedger()
    {
        var database = new SqliteDatabase(File);
        (Database, _store) = (database, new SqliteLedgerStore(database, TimeProvider.System));
    }

    public override IDatabase Database { get; }

    public override ILedgerStore Store => _store;

    public string File => Path.Combine(_folder.FullName, "billing.db");

    public override async Task Damage(string sql, params object?[] parameters)
    {
        await using var connection = await Database.Open(default);
        await using var command = Database.Statement(connection, sql, parameters);
        await Switch(connection, "pragma ignore_check_constraints = on; pragma foreign_keys = off");
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync());
        await Switch(connection, "pragma ignore_check_constraints = off; pragma foreign_keys = on");
    }

    public override async Task CopyRecord(Guid usageId)
    {
        await DropKeys("usage_record");
        await Damage("insert into usage_record select * from usage_record where usage_id = $1", usageId);
    }

    public override ValueTask DisposeAsync()
    {
        _store.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    async Task Switch(System.Data.Common.DbConnection connection, string pragmas)
    {
        await using var command = Database.Statement(connection, pragmas);
        await command.ExecuteNonQueryAsync();
    }
}
