using Billing.ReliableMessaging;
using Billing.Service.Charging;
using Microsoft.Data.Sqlite;

namespace Billing.Service.Ledger.Sqlite;

/// <summary>One batch under the file's write lock.</summary>
sealed class SqliteLedgerTransaction : ILedgerTransaction
{
    readonly SqliteConnection _connection;
    readonly SqliteTransaction _transaction;
    readonly IOutbox<LedgerOutbox> _outbox;
    readonly SqliteWriteTurn _turn;

    SqliteLedgerTransaction(SqliteConnection connection, SqliteTransaction transaction, Snapshot snapshot, IOutbox<LedgerOutbox> outbox, SqliteWriteTurn turn) =>
        (_connection, _transaction, Snapshot, _outbox, _turn) = (connection, transaction, snapshot, outbox, turn);

    public Snapshot Snapshot { get; }

    public static SqliteLedgerTransaction Begin(SqliteConnection connection, BatchKeys keys, Func<DateTimeOffset> now, IOutbox<LedgerOutbox> outbox, SqliteWriteTurn turn)
    {
        SqliteTransaction? transaction = null;
        try
        {
            // Immediate: takes the write lock now, so that what is read stays true until the commit.
            transaction = connection.BeginTransaction(deferred: false);
            return new SqliteLedgerTransaction(connection, transaction, SqliteSnapshotReader.Read(connection, keys, now()), outbox, turn);
        }
        catch
        {
            transaction?.Dispose();
            connection.Dispose();
            throw;
        }
    }

    public async Task Commit(Decisions decisions, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        SqliteWriter.Write(_connection, decisions, Snapshot.Now);
        await _outbox.Append(_transaction, messages, cancellationToken);
        _transaction.Commit();
        // Dying before this line only delays them: the delivery also looks by itself.
        if (messages.Count > 0) _outbox.Notify();
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
            _turn.Dispose();
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
