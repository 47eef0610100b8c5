using Billing.ReliableMessaging;
using Billing.Service.Charging;
using Microsoft.Data.Sqlite;

namespace Billing.Service.Ledger.Sqlite;

/// <summary>The ledger in one SQLite file: WAL, every commit on disk before it answers, one writer at a time.</summary>
public sealed class SqliteLedgerStore(SqliteDatabase database, IOutbox<LedgerOutbox> outbox, TimeProvider time) : ILedgerStore
{
    // Result codes of SQLite that speak of the statement or its data, not of the file.
    const int Error = 1;
    const int TooBig = 18;
    const int Constraint = 19;
    const int Mismatch = 20;
    const int OutOfRange = 25;

    public int ConcurrentBatchesMax => 1;

    public async Task<ILedgerTransaction> Begin(BatchKeys keys, CancellationToken cancellationToken)
    {
        // The file has one write lock. Waiting for it here is fair and costs nothing; SQLite itself would poll.
        var turn = await database.Gate.WaitAsync(cancellationToken);
        try
        {
            return SqliteLedgerTransaction.Begin(database.Open(), keys, Now, outbox, turn);
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    public Task<AccountView?> Read(string userId, DateOnly month, CancellationToken cancellationToken) =>
        Task.FromResult(SqliteAccountReader.Read(database, userId, month, time.GetUtcNow()));

    public Task Ping(CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select 1";
        command.ExecuteScalar();
        return Task.CompletedTask;
    }

    public FailureKind Classify(Exception exception) => exception switch
    {
        CatalogueChangedException => FailureKind.Conflict,
        SqliteException { SqliteErrorCode: Error or TooBig or Constraint or Mismatch or OutOfRange } => FailureKind.Unwritable,
        SqliteException => FailureKind.Unavailable,
        _ => FailureKind.Unexpected,
    };

    // In microseconds, as the file keeps it: a repeat then returns to the tick what the first answer said.
    DateTimeOffset Now() => SqliteValues.Instant(SqliteValues.Instant(time.GetUtcNow()));
}
