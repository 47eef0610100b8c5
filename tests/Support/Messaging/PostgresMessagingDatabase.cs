using System.Data.Common;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Billing.TestSupport.Messaging;

public sealed class PostgresMessagingDatabase : MessagingDatabase
{
    readonly PostgresTestDatabase _database;

    PostgresMessagingDatabase(PostgresTestDatabase database) => _database = database;

    protected override string DocumentedTablesOnly => $"set search_path = orders; drop table inbox_state; drop table outbox_message; {DocumentedTables.Sql("postgres")}; set search_path = public";

    public static async Task<PostgresMessagingDatabase> Create(Servers servers)
    {
        var database = new PostgresMessagingDatabase(await PostgresTestDatabase.CreateEmpty(servers));
        await database.CreateTables();
        return database;
    }

    public override void Use(DbContextOptionsBuilder options) => options.UseNpgsql(_database.OwnerConnectionString);

    public override void Use(IEntityFrameworkOutboxConfigurator outbox) => outbox.UsePostgres();

    public override void Use<TSaga>(IEntityFrameworkSagaRepositoryConfigurator<TSaga> repository) => repository.UsePostgres();

    public override async Task<DbConnection> Open()
    {
        var connection = new NpgsqlConnection(_database.OwnerConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public override async ValueTask DisposeAsync()
    {
        await using (var connection = new NpgsqlConnection(_database.OwnerConnectionString)) NpgsqlConnection.ClearPool(connection);
        await _database.DisposeAsync();
    }
}
