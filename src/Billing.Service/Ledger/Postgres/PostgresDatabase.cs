using System.Data.Common;
using Npgsql;

namespace Billing.Service.Ledger.Postgres;

/// <summary>PostgreSQL. Everything of the ledger lives in the schema <c>ledger</c>.</summary>
public sealed class PostgresDatabase(NpgsqlDataSource dataSource) : IDatabase
{
    const string Schema = "ledger";

    public string Engine => "postgres";

    public string BeginAlone => $"begin; select pg_advisory_xact_lock(hashtext('{Schema} migrations')); create schema if not exists {Schema}";

    public string BeginSnapshot => "begin isolation level repeatable read read only";

    /// <summary>Fills in what the operator's connection string does not say. A server that vanished is noticed within ten seconds.</summary>
    public static NpgsqlDataSource DataSource(string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        bool Absent(string keyword) => !given.ContainsKey(keyword);

        if (Absent("Search Path")) given.SearchPath = Schema;
        if (Absent("Application Name")) given.ApplicationName = "billing-service";
        if (Absent("Timeout")) given.Timeout = 3;
        if (Absent("Command Timeout")) given.CommandTimeout = 4;
        if (Absent("Keepalive")) given.KeepAlive = 30;
        if (Absent("Max Auto Prepare")) given.MaxAutoPrepare = 100;
        if (Absent("Auto Prepare Min Usages")) given.AutoPrepareMinUsages = 2;
        // Each transaction here ends by commit or rollback before its connection goes back: there is nothing to reset.
        if (Absent("No Reset On Close")) given.NoResetOnClose = true;
        return NpgsqlDataSource.Create(given);
    }

    public async Task<DbConnection> Open(CancellationToken cancellationToken) => await dataSource.OpenConnectionAsync(cancellationToken);

    public DbCommand Statement(DbConnection connection, string sql, params ReadOnlySpan<object?> parameters)
    {
        var command = new NpgsqlCommand(sql, (NpgsqlConnection)connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter is DateTimeOffset instant ? instant.UtcDateTime : parameter ?? DBNull.Value });
        return command;
    }

    public DateTimeOffset ReadInstant(DbDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);

    public DateOnly ReadDay(DbDataReader reader, int column) => reader.GetFieldValue<DateOnly>(column);

    public Task Prepare(DateTimeOffset now, CancellationToken cancellationToken) => UsageRecordDays.MakeAhead(dataSource, now, cancellationToken);
}
