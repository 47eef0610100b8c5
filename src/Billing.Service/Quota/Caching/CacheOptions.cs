namespace Billing.Service.Quota.Caching;

/// <summary>Bound from the configuration section <c>Cache</c>.</summary>
public sealed class CacheOptions
{
    public const string Section = "Cache";

    /// <summary>A "yes" from the cache is at most this old, whatever was lost on the way.</summary>
    public TimeSpan StaleMax { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an entry waits for the fill that has begun.</summary>
    public TimeSpan FillMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What a call to Redis may take; after it the database is asked.</summary>
    public TimeSpan CallMax { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>After so many failed calls in a row Redis is left alone for a while.</summary>
    public int FailuresMax { get; set; } = 5;

    /// <summary>The longest while, after which one call looks whether it is back.</summary>
    public TimeSpan PauseMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Without a word from the database for so long it counts as away, and no check is answered from the cache.</summary>
    public TimeSpan DatabaseSilenceMax { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Accounts whose commits wait to be written to the cache; what is beyond waits for its entry to expire.</summary>
    public int WaitingMax { get; set; } = 100_000;

    /// <summary>Accounts of the in-process cache.</summary>
    public int InProcessAccountsMax { get; set; } = 100_000;

    /// <summary>Accounts that are read after the start, those charged last first.</summary>
    public int WarmUpAccountsMax { get; set; } = 1_000;

    /// <summary>Entries that are compared with the database every minute.</summary>
    public int SampleMax { get; set; } = 1_000;

    /// <summary>Begins the names of the keys in Redis: deployments that share one have different ones.</summary>
    public string KeyPrefix { get; set; } = "billing";
}
