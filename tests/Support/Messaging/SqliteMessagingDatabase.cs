using System.Data.Common;
using MassTransit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Billing.TestSupport.Messaging;

public sealed class SqliteMessagingDatabase : MessagingDatabase
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reliable-messaging-");

    public string ConnectionString => new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder.FullName, "orders.db") }.ToString();

    protected override string DocumentedTablesOnly => $"drop table inbox_state; drop table outbox_message; {DocumentedTables.Sql("sqlite")}";

    public static async Task<SqliteMessagingDatabase> Create()
    {
        var database = new SqliteMessagingDatabase();
        await using var connection = (SqliteConnection)await database.Open();
        await using var command = connection.CreateCommand();
        command.CommandText = "pragma journal_mode = wal";
        await command.ExecuteNonQueryAsync();
        await database.CreateTables();
        return database;
    }

    public override void Use(DbContextOptionsBuilder options) => options.UseSqlite(ConnectionString);

    public override void Use(IEntityFrameworkOutboxConfigurator outbox) => outbox.UseSqlite();

    public override void Use<TSaga>(IEntityFrameworkSagaRepositoryConfigurator<TSaga> repository) => repository.UseSqlite();

    public override async Task<DbConnection> Open()
    {
        var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public override ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
