namespace Billing.Service.Quota.Caching;

/// <summary>An account's free units of one service in one month at one version of the ledger.</summary>
public sealed record CachedQuota(long Version, int ServiceId, DateOnly Month, long Granted, long Used, long Held)
{
    public long Left => Granted - Used - Held;
}
