namespace Billing.Service.Quota.Caching;

/// <summary>
/// Copies of accounts, for checks to be answered from: Redis in production, in the process by default, one compliance suite for both.
/// No call throws because the cache is away, and none takes longer than its limit: a cache costs time, and never an answer.
/// </summary>
public interface IAccountCache
{
    /// <summary>Whether it answered lately, as far as anyone has asked.</summary>
    bool IsThere { get; }

    /// <summary>Known only if it was filled for this month, at most <see cref="CacheOptions.StaleMax"/> ago.</summary>
    ValueTask<CacheReading> Read(string userId, DateOnly month);

    /// <summary>
    /// From here on, for a short while, commits are written into the account's entry: so a fill that reads the database afterwards can
    /// miss none. Null when the cache is away.
    /// </summary>
    ValueTask<FillTicket?> BeginFill(string userId);

    /// <summary>Keeps of what the database said all that is not older than what is there, if the entry is still the one of the ticket.</summary>
    ValueTask Fill(FillTicket ticket, CachedAccount account, DateOnly month);

    /// <summary>After a commit: keeps what is newer, only where there is an entry, and makes it live no longer. False when the cache is away.</summary>
    ValueTask<bool> Write(CachedAccount account);

    /// <summary>False when the cache is away.</summary>
    ValueTask<bool> Remove(string userId);

    /// <summary>Some of the accounts that have an entry, from a position on, 0 being the first. Null when the cache is away.</summary>
    ValueTask<CachePage?> List(long from, int count);
}
