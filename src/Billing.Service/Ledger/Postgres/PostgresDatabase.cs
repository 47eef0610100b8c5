using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Billing.Service.Ledger.Postgres;

/// <summary>PostgreSQL. Everything of the ledger lives in the schema <c>ledger</c>.</summary>
public sealed class PostgresDatabase(NpgsqlDataSource dataSource) : IDatabase
{
    internal const string Schema = "ledger";

    public string Engine => "postgres";

    public string BeginAlone => $"begin; select pg_advisory_xact_lock(hashtext('{Schema} migrations')); create schema if not exists {Schema}";

    public string FindMigrations => "select 1 where to_regclass('schema_migration') is not null";

    public bool IsDenied(Exception exception) => exception is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege };

    public string BeginSnapshot => "begin isolation level repeatable read read only";

    public string? Clock => "select clock_timestamp()";

    public string SkipLocked => "for update skip locked";

    public ValueTask<IDisposable?> WaitToWrite(CancellationToken cancellationToken) => ValueTask.FromResult<IDisposable?>(null);

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

    public void Connect(DbContextOptionsBuilder options) => options.UseNpgsql(dataSource);

    public Task Prepare(DateTimeOffset now, CancellationToken cancellationToken) => new UsageRecordDays(dataSource).MakeAhead(now, cancellationToken);
}
