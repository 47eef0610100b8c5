namespace Billing.Service.Quota.Caching;

/// <summary>What the cache says of one account.</summary>
/// <param name="Account">There only with <see cref="CacheFinding.Known"/>: the money, and all free quotas of the month that was asked for.</param>
public readonly record struct CacheReading(CacheFinding Finding, CachedAccount? Account = null)
{
    public static readonly CacheReading Missing = new(CacheFinding.Missing);
    public static readonly CacheReading Unreadable = new(CacheFinding.Unreadable);
    public static readonly CacheReading Away = new(CacheFinding.Away);
}

public enum CacheFinding
{
    Known,

    /// <summary>Nothing, or not all that a check of this month needs.</summary>
    Missing,

    /// <summary>Something that this program did not write so.</summary>
    Unreadable,

    /// <summary>The cache does not answer, or not in time.</summary>
    Away,
}
