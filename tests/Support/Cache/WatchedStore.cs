using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.TestSupport.Cache;

/// <summary>A ledger's database that counts its readings, can be held up, and can go away.</summary>
public sealed class WatchedStore(ILedgerStore store) : ILedgerStore
{
    int _reads;

    public int Reads => Volatile.Read(ref _reads);

    public bool IsAway { get; set; }

    /// <summary>Readings wait for it, each with what it has read.</summary>
    public TaskCompletionSource? Held { get; set; }

    public int ConcurrentBatchesMax => store.ConcurrentBatchesMax;

    public Task<ILedgerTransaction> Begin(BatchKeys keys, CancellationToken cancellationToken) => store.Begin(keys, cancellationToken);

    public async Task<AccountView?> Read(string userId, DateOnly month, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        if (IsAway) throw new AwayException();
        var account = await store.Read(userId, month, cancellationToken);
        if (Held is { } held) await held.Task;
        return account;
    }

    public Task Ping(CancellationToken cancellationToken) => IsAway ? Task.FromException(new AwayException()) : store.Ping(cancellationToken);

    public FailureKind Classify(Exception exception) => exception is AwayException ? FailureKind.Unavailable : store.Classify(exception);

    sealed class AwayException() : Exception("The database is away.");
}
