using Billing.Service.Ledger.Postgres;
using Npgsql;

namespace Billing.TestSupport;

/// <summary>A fresh, empty database, dropped at the end.</summary>
public sealed class PostgresTestDatabase : IAsyncDisposable
{
    readonly string _server;
    readonly string _name;

    PostgresTestDatabase(string server, string name)
    {
        (_server, _name) = (server, name);
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
    }

    public string ConnectionString { get; }

    public static async Task<PostgresTestDatabase> Create(Servers servers)
    {
        var database = new PostgresTestDatabase(servers.Postgres, $"test_{Ids.WithTime():N}");
        await database.OnServer($"create database {database._name}");
        return database;
    }

    /// <summary>A pool of connections as the service opens them beside charging.</summary>
    public NpgsqlDataSource DataSource() => PostgresConnections.ForTheRest(ConnectionString);

    /// <summary>Deadlocks that the server has found in this database so far.</summary>
    public async Task<long> Deadlocks()
    {
        await using var source = DataSource();
        await using var command = source.CreateCommand("select deadlocks from pg_stat_database where datname = current_database()");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync() => await Eventually.That(Dropped, dropped => dropped, $"{_name} is dropped");

    // The force does not reach an autovacuum worker of the server, which is done in a moment.
    async Task<bool> Dropped()
    {
        try
        {
            await OnServer($"drop database {_name} with (force)");
            return true;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
    }

    async Task OnServer(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
