namespace Billing.Service.Charging;

/// <summary>
/// An account with many records has sums of them beside, for each service and quarter of an hour in UTC. They are written in the
/// transaction that writes the records, under the account's lock: what they say is what a scan of the records would.
/// </summary>
public static class RollUps
{
    /// <summary>
    /// An account whose running number is past this has roll-ups of all its records; until then a scan is quick, and most accounts
    /// stay there. Databases are filled by this number: another one needs a migration.
    /// </summary>
    public const long EntriesMin = 1_000;

    public static readonly TimeSpan Bucket = TimeSpan.FromMinutes(15);

    public static bool AreKept(long lastEntryNumber) => lastEntryNumber > EntriesMin;

    /// <summary>When the bucket begins that an instant lies in.</summary>
    public static DateTimeOffset BucketOf(DateTimeOffset instant) => new(instant.UtcTicks - instant.UtcTicks % Bucket.Ticks, TimeSpan.Zero);

    /// <summary>The last instant of a bucket that a database tells from the next.</summary>
    public static DateTimeOffset EndOf(DateTimeOffset bucket) => bucket + Bucket - TimeSpan.FromMicroseconds(1);

    /// <summary>What a batch adds to the roll-ups of the accounts that had them before, in the order of their keys.</summary>
    public static RollUp[] Added(Decisions decisions)
    {
        var kept = decisions.Accounts.Where(account => AreKept(account.LastEntryNumberBefore)).Select(account => account.AccountId).ToHashSet();
        if (kept.Count == 0) return [];

        var rows = new Dictionary<RollUpKey, RollUpSums>();
        foreach (var record in decisions.Records.Where(record => kept.Contains(record.AccountId))) Add(record, RollUpSums.Of(record));
        foreach (var record in decisions.GivenBack.Where(record => kept.Contains(record.AccountId))) Add(record, RollUpSums.GivenBack(record));
        return [.. rows.Select(row => new RollUp(row.Key, row.Value)).OrderBy(row => row.Key)];

        void Add(BillingRecord record, RollUpSums sums)
        {
            var key = new RollUpKey(record.AccountId, BucketOf(record.OccurredAt), record.ServiceId);
            rows[key] = rows.GetValueOrDefault(key) + sums;
        }
    }

    /// <summary>The accounts that have roll-ups from this batch on: theirs are made from the records, those of the batch included.</summary>
    public static long[] Begun(Decisions decisions) =>
        [.. decisions.Accounts.Where(account => AreKept(account.LastEntryNumber) && !AreKept(account.LastEntryNumberBefore)).Select(account => account.AccountId).Order()];
}
