using Billing.ReliableMessaging;
using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.TestSupport.Ledger;

/// <summary>The ledger as it was used long ago: all is decided and written as ever, and "now" is the moment that a test chose.</summary>
public sealed class PastLedgerStore(ILedgerStore store, DateTimeOffset now) : ILedgerStore
{
    public int ConcurrentBatchesMax => store.ConcurrentBatchesMax;

    public async Task<ILedgerTransaction> Begin(BatchKeys keys, CancellationToken cancellationToken) => new Transaction(await store.Begin(keys, cancellationToken), now);

    public Task<AccountView?> Read(string userId, DateOnly month, CancellationToken cancellationToken) => store.Read(userId, month, cancellationToken);

    public Task Ping(CancellationToken cancellationToken) => store.Ping(cancellationToken);

    public FailureKind Classify(Exception exception) => store.Classify(exception);

    sealed class Transaction(ILedgerTransaction transaction, DateTimeOffset now) : ILedgerTransaction
    {
        public Snapshot Snapshot { get; } = new()
        {
            Now = now,
            CatalogueVersion = transaction.Snapshot.CatalogueVersion,
            Accounts = transaction.Snapshot.Accounts,
            FreeQuotas = transaction.Snapshot.FreeQuotas,
            Records = transaction.Snapshot.Records,
            Entries = transaction.Snapshot.Entries,
            TakenBack = transaction.Snapshot.TakenBack,
            Reservations = transaction.Snapshot.Reservations,
            Acts = transaction.Snapshot.Acts,
        };

        public Task Commit(Decisions decisions, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken) => transaction.Commit(decisions, messages, cancellationToken);

        public ValueTask DisposeAsync() => transaction.DisposeAsync();
    }
}
