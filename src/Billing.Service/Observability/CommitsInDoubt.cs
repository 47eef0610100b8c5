using System.Collections.Concurrent;
using Billing.Service.Charging;

namespace Billing.Service.Observability;

/// <summary>
/// Records of commits whose answer was lost. If one was done after all, the repeat of its batch finds it and calls it a duplicate,
/// although nobody has counted it yet.
/// </summary>
sealed class CommitsInDoubt
{
    // Some lost answers of the largest batches. What another instance charges after all is never asked for again here.
    const int RecordsMax = 100_000;

    readonly ConcurrentDictionary<Guid, BillingRecord> _records = new();

    public void Add(Decisions decisions)
    {
        if (_records.Count > RecordsMax) _records.Clear();
        foreach (var record in decisions.Records) _records[record.UsageId] = record;
    }

    /// <summary>Whether this record is one of a commit in doubt; true only once.</summary>
    public bool WroteIt(BillingRecord found) =>
        !_records.IsEmpty && _records.TryRemove(found.UsageId, out var written)
        && (written.AccountId, written.EntryNumber, written.ChargedAt) == (found.AccountId, found.EntryNumber, found.ChargedAt);
}
