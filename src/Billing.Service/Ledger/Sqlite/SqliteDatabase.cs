using System.Data.Common;
using Billing.ReliableMessaging;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Billing.Service.Ledger.Sqlite;

/// <summary>One SQLite file: the embedded default.</summary>
public sealed class SqliteDatabase : IDatabase
{
    readonly string _connectionString;

    public SqliteDatabase(string path)
    {
        var fullPath = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(fullPath)!);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = fullPath, DefaultTimeout = 5, ForeignKeys = true }.ToString();
        Gate = SqliteWriteGate.For(fullPath);
    }

    /// <summary>For others who work on the same file.</summary>
    public string ConnectionString => _connectionString;

    public string Engine => "sqlite";

    public string BeginAlone => "begin immediate";

    public string FindMigrations => "select 1 from sqlite_master where name = 'schema_migration'";

    // Whoever can open the file may do everything in it.
    public bool IsDenied(Exception exception) => false;

    public string BeginSnapshot => "begin";

    public string? Clock => null;

    public string SkipLocked => "";

    public async ValueTask<IDisposable?> WaitToWrite(CancellationToken cancellationToken) => await Gate.WaitAsync(cancellationToken);

    public Task<DbConnection> Open(CancellationToken cancellationToken) => Task.FromResult<DbConnection>(Open());

    public DbCommand Statement(DbConnection connection, string sql, params ReadOnlySpan<object?> parameters) => ((SqliteConnection)connection).Statement(sql, parameters);

    public DateTimeOffset ReadInstant(DbDataReader reader, int column) => ((SqliteDataReader)reader).GetInstant(column);

    public DateOnly ReadDay(DbDataReader reader, int column) => ((SqliteDataReader)reader).GetDay(column);

    public void Connect(DbContextOptionsBuilder options) => options.UseSqlite(_connectionString);

    public Task Prepare(DateTimeOffset now, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The turns of the file's only writer, which all who write to it in this process share.</summary>
    internal SqliteWriteGate Gate { get; }

    /// <summary>A pooled connection whose commits are on disk before they return.</summary>
    internal SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var pragmas = connection.Statement("pragma journal_mode = wal; pragma synchronous = full;");
        pragmas.ExecuteNonQuery();
        return connection;
    }
}
