using Billing.Service.Charging;
using Microsoft.Data.Sqlite;

namespace Billing.Service.Ledger.Sqlite;

/// <summary>One batch under the file's write lock.</summary>
sealed class SqliteLedgerTransaction : ILedgerTransaction
{
    readonly SqliteConnection _connection;
    readonly SqliteTransaction _transaction;
    readonly Action _release;

    SqliteLedgerTransaction(SqliteConnection connection, SqliteTransaction transaction, Snapshot snapshot, Action release) =>
        (_connection, _transaction, Snapshot, _release) = (connection, transaction, snapshot, release);

    public Snapshot Snapshot { get; }

    public static SqliteLedgerTransaction Begin(SqliteConnection connection, BatchKeys keys, Func<DateTimeOffset> now, Action release)
    {
        SqliteTransaction? transaction = null;
        try
        {
            // Immediate: takes the write lock now, so that what is read stays true until the commit.
            transaction = connection.BeginTransaction(deferred: false);
            return new SqliteLedgerTransaction(connection, transaction, SqliteSnapshotReader.Read(connection, keys, now()), release);
        }
        catch
        {
            transaction?.Dispose();
            connection.Dispose();
            throw;
        }
    }

    public Task Commit(Decisions decisions, IReadOnlyList<OutgoingEvent> events, CancellationToken cancellationToken)
    {
        SqliteWriter.Write(_connection, decisions, events, Snapshot.Now);
        _transaction.Commit();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        try
        {
            End(_transaction);
            End(_connection);
        }
        finally
        {
            _release();
        }
        return ValueTask.CompletedTask;
    }

    // A commit that fails on a full disk is rolled back by SQLite itself; rolling back once more is then an error that says nothing,
    // and must not hide the first one.
    static void End(IDisposable resource)
    {
        try
        {
            resource.Dispose();
        }
        catch (SqliteException)
        {
        }
    }
}
