using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Billing.ReliableMessaging;

/// <summary>
/// Every transaction and every SaveChanges of a context waits at its file's gate before SQLite is asked, and holds it to the end.
/// A transaction that is disposed of without a word ends with its connection, which closes then.
/// </summary>
sealed class SqliteWriteGateInterceptor : DbTransactionInterceptor, IDbConnectionInterceptor, ISaveChangesInterceptor
{
    public static readonly SqliteWriteGateInterceptor Instance = new();

    // A consumer that writes to its own file through a second context would wait for itself: it must fail instead.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly ConditionalWeakTable<DbContext, SqliteWriteTurn> _turns = [];

    public override InterceptionResult<DbTransaction> TransactionStarting(DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result)
    {
        Enter(eventData.Context, connection.ConnectionString);
        return result;
    }

    public override async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
    {
        await EnterAsync(eventData.Context, connection.ConnectionString, cancellationToken);
        return result;
    }

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Leave(eventData.Context);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) => LeaveAsync(eventData.Context);

    public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => Leave(eventData.Context);

    public override Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) => LeaveAsync(eventData.Context);

    public void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => Leave(eventData.Context);

    public Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData) => LeaveAsync(eventData.Context);

    // A single statement is saved without a transaction.
    public InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        if (eventData.Context is { } db) Enter(db, db.Database.GetConnectionString());
        return result;
    }

    public async ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } db) await EnterAsync(db, db.Database.GetConnectionString(), cancellationToken);
        return result;
    }

    public int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        LeaveUnlessInTransaction(eventData.Context);
        return result;
    }

    public ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        LeaveUnlessInTransaction(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public void SaveChangesFailed(DbContextErrorEventData eventData) => LeaveUnlessInTransaction(eventData.Context);

    public Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        LeaveUnlessInTransaction(eventData.Context);
        return Task.CompletedTask;
    }

    public void SaveChangesCanceled(DbContextEventData eventData) => LeaveUnlessInTransaction(eventData.Context);

    public Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        LeaveUnlessInTransaction(eventData.Context);
        return Task.CompletedTask;
    }

    void Enter(DbContext? db, string? connectionString)
    {
        if (db is null || _turns.TryGetValue(db, out _)) return;
        _turns.Add(db, SqliteWriteGate.For(connectionString!).Wait(Patience) ?? throw TooLong(db));
    }

    async ValueTask EnterAsync(DbContext? db, string? connectionString, CancellationToken cancellationToken)
    {
        if (db is null || _turns.TryGetValue(db, out _)) return;
        _turns.Add(db, await SqliteWriteGate.For(connectionString!).WaitAsync(Patience, cancellationToken) ?? throw TooLong(db));
    }

    void LeaveUnlessInTransaction(DbContext? db)
    {
        if (db?.Database.CurrentTransaction is null) Leave(db);
    }

    Task LeaveAsync(DbContext? db)
    {
        Leave(db);
        return Task.CompletedTask;
    }

    void Leave(DbContext? db)
    {
        if (db is null || !_turns.TryGetValue(db, out var turn)) return;
        _turns.Remove(db);
        turn.Dispose();
    }

    static TimeoutException TooLong(DbContext db) =>
        new($"{db.GetType().Name} has waited {Patience.TotalSeconds:0} s to write to its SQLite file. Does the transaction that holds it wait for this one?");
}
