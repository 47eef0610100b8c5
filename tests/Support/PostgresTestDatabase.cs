using Billing.Service.Hosting;
using Billing.Service.Ledger;
using Billing.Service.Ledger.Migrations;
using Billing.Service.Ledger.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Billing.TestSupport;

/// <summary>A fresh, empty database, dropped at the end.</summary>
public sealed class PostgresTestDatabase : IAsyncDisposable
{
    readonly string _server;
    readonly string _name;

    PostgresTestDatabase(Servers servers, string name)
    {
        (_server, _name) = (servers.PostgresAsOwner, name);
        ConnectionString = new NpgsqlConnectionStringBuilder(servers.Postgres) { Database = name }.ConnectionString;
        OwnerConnectionString = new NpgsqlConnectionStringBuilder(servers.PostgresAsOwner) { Database = name }.ConnectionString;
    }

    /// <summary>As the service's own user, who may not change the schema.</summary>
    public string ConnectionString { get; }

    /// <summary>As the schema's owner.</summary>
    public string OwnerConnectionString { get; }

    /// <summary>A database that has nothing in it yet.</summary>
    public static async Task<PostgresTestDatabase> CreateEmpty(Servers servers)
    {
        var database = new PostgresTestDatabase(servers, $"test_{Ids.WithTime():N}");
        await database.OnServer($"create database {database._name}");
        return database;
    }

    /// <summary>A database with the schema of this program, as its operator makes it ready.</summary>
    public static async Task<PostgresTestDatabase> Create(Servers servers)
    {
        var database = await CreateEmpty(servers);
        await using var source = database.DataSource();
        await database.NewMigrator(new PostgresDatabase(source)).Migrate(default);
        return database;
    }

    public Migrator NewMigrator(IDatabase asOwner) =>
        new(asOwner, Schemas.All, TimeProvider.System, NullLogger<Migrator>.Instance, ServiceRights.Of(PostgresOwner.RoleOf(ConnectionString)));

    /// <summary>A pool of the owner's connections: a test looks at, and damages, what the service may not.</summary>
    public NpgsqlDataSource DataSource() => PostgresConnections.ForTheRest(OwnerConnectionString);

    /// <summary>Deadlocks that the server has found in this database so far.</summary>
    public async Task<long> Deadlocks()
    {
        await using var source = DataSource();
        await using var command = source.CreateCommand("select deadlocks from pg_stat_database where datname = current_database()");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>From now on, and also for those who are in it, it is not to be had.</summary>
    public async Task GoAway()
    {
        await OnServer($"alter database {_name} with allow_connections false");
        await OnServer($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{_name}' and backend_type = 'client backend'");
    }

    public Task ComeBack() => OnServer($"alter database {_name} with allow_connections true");

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
