using Billing.Service.Ledger;
using Billing.Service.Ledger.Sqlite;
using Billing.TestSupport.Ledger;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Billing.Tests.Audit;

sealed class SqliteAuditedLedger : AuditedLedger
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("billing-audit-");
    readonly UndeliveredOutbox _outbox;

    public SqliteAuditedLedger()
    {
        var database = new SqliteDatabase(File);
        (Database, _outbox) = (database, new UndeliveredOutbox(database));
        Store = new SqliteLedgerStore(database, _outbox.Outbox, TimeProvider.System);
    }

    public override IDatabase Database { get; }

    public override ILedgerStore Store { get; }

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

    public override async ValueTask DisposeAsync()
    {
        await _outbox.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    async Task Switch(System.Data.Common.DbConnection connection, string pragmas)
    {
        await using var command = Database.Statement(connection, pragmas);
        await command.ExecuteNonQueryAsync();
    }
}
