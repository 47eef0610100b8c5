using Billing.ReliableMessaging;
using Billing.Service.Charging;

namespace Billing.Service.Ledger;

/// <summary>The database of the ledger: one implementation for PostgreSQL, one for SQLite, one compliance suite for both.</summary>
public interface ILedgerStore
{
    /// <summary>How many batches may be written at once: more than one only where rows, not the file, are locked.</summary>
    int ConcurrentBatchesMax { get; }

    /// <summary>
    /// Opens a transaction: makes sure that the users' accounts exist, locks them in the order of their account ids, and reads
    /// all that the batch's decisions need. The locks are held until the transaction is committed or disposed.
    /// </summary>
    Task<ILedgerTransaction> Begin(BatchKeys keys, CancellationToken cancellationToken);

    /// <summary>One account and its free quotas of one month, without a lock; null when no operation has named the user yet. Never creates.</summary>
    Task<AccountView?> Read(string userId, DateOnly month, CancellationToken cancellationToken);

    /// <summary>Throws when the database cannot answer.</summary>
    Task Ping(CancellationToken cancellationToken);

    FailureKind Classify(Exception exception);
}

/// <summary>A batch's transaction. Disposing without a commit leaves nothing behind.</summary>
public interface ILedgerTransaction : IAsyncDisposable
{
    Snapshot Snapshot { get; }

    /// <summary>Writes all that was decided, and the messages that leave the service, and commits.</summary>
    Task Commit(Decisions decisions, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken);
}

/// <summary>What to do about an exception from the database.</summary>
public enum FailureKind
{
    /// <summary>Another transaction was faster: the same batch, read anew, will do.</summary>
    Conflict,

    /// <summary>The database is away, full or too slow: the same batch will do later.</summary>
    Unavailable,

    /// <summary>The database refuses something in this batch, however often it is tried.</summary>
    Unwritable,

    /// <summary>Nothing that the database said: a fault of this program or of its machine.</summary>
    Unexpected,
}
