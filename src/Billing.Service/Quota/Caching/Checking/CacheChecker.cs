using Billing.Service.Ledger;
using Billing.Service.Queries;

namespace Billing.Service.Quota.Caching.Checking;

/// <summary>
/// Compares entries of the cache with the database. The entry is read first: what it knows the database must know too by then. That it
/// is behind means nothing at first, since writes come after the commit: only what is still behind the same state after a while has
/// lost one.
/// </summary>
public sealed class CacheChecker(IAccountCache cache, IAccountsReader reader, TimeProvider time)
{
    const int AtOnceMax = 200;

    /// <summary>How long an entry may stay behind the database.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>From a position on, until there were so many entries or no more. Null when the cache is away. Throws when the database is.</summary>
    public async Task<CacheComparison?> Compare(long from, int entriesMax, DateOnly month, CancellationToken cancellationToken)
    {
        var (compared, drifts) = (0, new List<Drift>());
        var suspects = new Dictionary<string, CachedAccount>(StringComparer.Ordinal);
        do
        {
            if (await cache.List(from, AtOnceMax) is not { } page) return null;
            var entries = await Task.WhenAll(page.UserIds.Select(async user => (User: user, Reading: await cache.Read(user, month))));
            if (entries.Any(entry => entry.Reading.Finding == CacheFinding.Away)) return null;

            drifts.AddRange(entries.Where(entry => entry.Reading.Finding == CacheFinding.Unreadable).Select(entry => new Drift(entry.User, DriftCause.Unreadable, "no entry of this program")));
            var known = entries.Select(entry => entry.Reading.Account).OfType<CachedAccount>().ToList();
            compared += entries.Count(entry => entry.Reading.Finding is CacheFinding.Known or CacheFinding.Unreadable);
            await Compare(known, month, drifts, suspects, cancellationToken);
            from = page.Next;
        }
        while (from != 0 && compared < entriesMax);

        if (suspects.Count > 0) await LookAgain(suspects, month, drifts, cancellationToken);
        return new CacheComparison(compared, drifts, from);
    }

    /// <summary>Removes what differs: the next check fills it anew. False when the cache went away.</summary>
    public async Task<bool> Repair(IEnumerable<Drift> drifts)
    {
        var removed = await Task.WhenAll(drifts.Select(drift => cache.Remove(drift.UserId).AsTask()));
        return !removed.Contains(false);
    }

    async Task Compare(List<CachedAccount> entries, DateOnly month, List<Drift> drifts, Dictionary<string, CachedAccount> suspects, CancellationToken cancellationToken)
    {
        if (entries.Count == 0) return;
        var actual = await reader.Read([.. entries.Select(entry => entry.UserId)], month, cancellationToken);
        foreach (var entry in entries)
        {
            if (!actual.TryGetValue(entry.UserId, out var account)) drifts.Add(new Drift(entry.UserId, DriftCause.Corruption, "the database has no such account"));
            else if (entry.Funds.Version > account.Version) drifts.Add(new Drift(entry.UserId, DriftCause.Corruption, $"version {entry.Funds.Version}, in the database {account.Version}"));
            else if (Behind(entry, CachedAccount.Of(account), month)) suspects[entry.UserId] = CachedAccount.Of(account);
            else if (Difference(entry, CachedAccount.Of(account), month) is { } difference) drifts.Add(new Drift(entry.UserId, DriftCause.Corruption, difference));
        }
    }

    async Task LookAgain(Dictionary<string, CachedAccount> suspects, DateOnly month, List<Drift> drifts, CancellationToken cancellationToken)
    {
        await Task.Delay(Grace, time, cancellationToken);
        foreach (var (user, then) in suspects)
        {
            if ((await cache.Read(user, month)).Account is { } entry && Behind(entry, then, month))
                drifts.Add(new Drift(user, DriftCause.LostWrite, Difference(entry, then, month) ?? $"version {entry.Funds.Version}, in the database {then.Funds.Version} since {Grace.TotalSeconds:0} s"));
        }
    }

    /// <summary>Whether the entry, or a free quota in it that differs, is of an earlier version than the database's state.</summary>
    static bool Behind(CachedAccount entry, CachedAccount actual, DateOnly month) =>
        entry.Funds.Version < actual.Funds.Version
        || (entry.Funds.Version == actual.Funds.Version && entry.Funds.Funds == actual.Funds.Funds && DifferentQuotas(entry, actual, month).Any(quota => quota.Cached is null || quota.Cached.Version < actual.Funds.Version));

    static string? Difference(CachedAccount entry, CachedAccount actual, DateOnly month)
    {
        var differences = new List<string>();
        if (entry.Funds.Funds != actual.Funds.Funds) differences.Add($"balance {entry.Funds.Funds.Balance}, held {entry.Funds.Funds.Held}, overdraft {entry.Funds.Funds.OverdraftLimit}; in the database {actual.Funds.Funds.Balance}, {actual.Funds.Funds.Held}, {actual.Funds.Funds.OverdraftLimit}");
        differences.AddRange(DifferentQuotas(entry, actual, month).Select(quota => $"free quota of service {quota.ServiceId} {Text(quota.Cached)}, in the database {Text(quota.Actual)}"));
        return differences.Count == 0 ? null : string.Join("; ", differences);
    }

    static IEnumerable<(int ServiceId, CachedQuota? Cached, CachedQuota? Actual)> DifferentQuotas(CachedAccount entry, CachedAccount actual, DateOnly month) =>
        from serviceId in entry.Quotas.Concat(actual.Quotas).Where(quota => quota.Month == month).Select(quota => quota.ServiceId).Distinct()
        let cached = entry.QuotaOf(serviceId, month)
        let known = actual.QuotaOf(serviceId, month)
        where (cached?.Granted, cached?.Used, cached?.Held) != (known?.Granted, known?.Used, known?.Held)
        select (serviceId, cached, known);

    static string Text(CachedQuota? quota) => quota is null ? "none" : $"{quota.Used} used and {quota.Held} held of {quota.Granted}";
}
