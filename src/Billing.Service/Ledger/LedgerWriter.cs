using System.Diagnostics;
using Billing.ReliableMessaging;
using Billing.Service.Charging;
using Billing.Service.Hosting;
using Billing.Service.Observability;

namespace Billing.Service.Ledger;

/// <summary>
/// The only writer of money. Applies a batch of operations in one transaction: lock the accounts in one order, read, decide
/// purely, write set-based, commit. Several instances may do so on one database at once.
/// </summary>
public sealed class LedgerWriter(ILedgerStore store, IRules rules, ICommitObserver? observer = null, ChargingMetrics? metrics = null)
{
    const int ConflictRetriesMax = 10;

    /// <summary>Returns after the commit, one outcome for each operation in their order. Throws what the database threw; then nothing was kept, or, if the commit's answer was lost, a repeat finds it done.</summary>
    public async Task<Outcome[]> Apply(IReadOnlyList<Operation> operations, CancellationToken cancellationToken, IReadOnlyDictionary<Guid, ActivityContext>? origins = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var outcomes = await TryApply(operations, origins, cancellationToken);
                metrics?.Applied(operations, outcomes);
                return outcomes;
            }
            catch (Exception exception) when (attempt <= ConflictRetriesMax && store.Classify(exception) == FailureKind.Conflict)
            {
                // The same usage id came in under two accounts at once, or two instances met: what is there now decides.
                if (exception is CatalogueChangedException) await rules.Refresh(cancellationToken);
            }
        }
    }

    async Task<Outcome[]> TryApply(IReadOnlyList<Operation> operations, IReadOnlyDictionary<Guid, ActivityContext>? origins, CancellationToken cancellationToken)
    {
        FailPoint.Reach(FailPoint.BeforeTransaction);
        var current = rules.Current;
        await using var transaction = await store.Begin(BatchKeys.Of(operations, current), cancellationToken);

        // Nothing is ever decided by another catalogue than the database's, not even that a service is unknown. The batch is repeated as a
        // whole: which free quotas it needs was found with the old one.
        if (transaction.Snapshot.CatalogueVersion != current.Catalogue.Version) throw new CatalogueChangedException();

        var decisions = ChargingEngine.Decide(operations, transaction.Snapshot, current);
        if (decisions.NothingToWrite) return decisions.Outcomes;
        var events = Announcements.Of(decisions, transaction.Snapshot.Now, current, rules.Currency);
        if (origins is { Count: > 0 }) events = Traced(events, origins);

        // Dying up to here leaves nothing: the locks go with the connection and the broker delivers again.
        FailPoint.Reach(FailPoint.BeforeCommit);
        await Commit(transaction, decisions, events, cancellationToken);
        // Dying from here on has the batch delivered again; the usage ids turn it into nothing to charge.
        FailPoint.Reach(FailPoint.AfterCommit);
        observer?.Committed(decisions, transaction.Snapshot.Now);
        metrics?.Committed(decisions);
        return decisions.Outcomes;
    }

    /// <summary>A batch has many traces: what is told of a recharge belongs to the recharge's.</summary>
    static List<OutgoingMessage> Traced(IReadOnlyList<OutgoingMessage> events, IReadOnlyDictionary<Guid, ActivityContext> origins) =>
        [.. events.Select(message => message.GroupId is { } recharge && origins.TryGetValue(recharge, out var origin) ? message with { Origin = origin } : message)];

    async Task Commit(ILedgerTransaction transaction, Decisions decisions, IReadOnlyList<OutgoingMessage> events, CancellationToken cancellationToken)
    {
        try
        {
            var committing = transaction.Commit(decisions, events, cancellationToken);
            // Dying while it is on its way leaves all of the batch or nothing of it.
            FailPoint.Reach(FailPoint.AmidCommit);
            await committing;
        }
        catch
        {
            // Only the answer may be lost: then the repeat of this batch finds its records there.
            metrics?.InDoubt(decisions);
            throw;
        }
    }
}
