using Billing.Service.Ledger;

namespace Billing.Service.Quota.Caching;

/// <summary>Where a check finds an account: first a look into the cache, then a reading of the database.</summary>
public sealed class AccountLookup(IAccountCache cache, CommittedAccounts committed, DatabaseContact database, AccountReads reads, ILedgerStore store, CacheMetrics metrics)
{
    /// <summary>What the cache knows, as long as the database is there and this process knows nothing newer.</summary>
    public async ValueTask<CacheReading> Look(string userId, DateOnly month)
    {
        if (!database.IsThere) return CacheReading.Away;

        // Asked before the cache is: what does not wait any more by then was written before it is read.
        var waiting = committed.WaitingVersion(userId);
        var seen = await cache.Read(userId, month);
        return seen.Account is { } cached && cached.Funds.Version < waiting ? CacheReading.Away : seen;
    }

    /// <summary>Asked together and answered together: one round trip.</summary>
    public async Task<IReadOnlyDictionary<string, CacheReading>> Look(IEnumerable<string> userIds, DateOnly month)
    {
        var users = userIds.Distinct(StringComparer.Ordinal).ToArray();
        var seen = await Task.WhenAll(users.Select(user => Look(user, month).AsTask()));
        return users.Zip(seen).ToDictionary(one => one.First, one => one.Second, StringComparer.Ordinal);
    }

    /// <summary>Reads the database; throws what it threw.</summary>
    public Task<(AccountView? Account, bool Earlier)> Read(string userId, DateOnly month, CacheReading seen, CancellationToken cancellationToken) =>
        reads.Read(userId, month, seen, cancellationToken);

    /// <summary>Reads several in one round trip; throws what the database threw.</summary>
    public Task<IReadOnlyDictionary<string, AccountView>> Read(IReadOnlyDictionary<string, CacheReading> seen, DateOnly month, CancellationToken cancellationToken) =>
        reads.Read(seen, month, cancellationToken);

    public bool IsAway(Exception exception) => store.Classify(exception) == FailureKind.Unavailable;

    public void Answered(int fromCache, int fromDatabase) => metrics.Answered(fromCache, fromDatabase);
}
