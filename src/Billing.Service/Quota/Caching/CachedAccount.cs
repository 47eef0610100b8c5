using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Quota.Caching;

/// <summary>
/// What is known of an account: its money, and free quotas that have a row. Each part carries the version of the ledger at which it
/// was true, so that whoever puts two of these together needs to know nothing of the order in which they came.
/// </summary>
public sealed record CachedAccount(string UserId, CachedFunds Funds, IReadOnlyList<CachedQuota> Quotas)
{
    public static CachedAccount Of(AccountView account) => new(
        account.UserId,
        new CachedFunds(account.Version, account.Funds, account.AsOf),
        [.. account.FreeQuotas.Select(quota => Quota(account.Version, quota))]);

    /// <summary>An account as a commit leaves it, with those of its free quotas that the commit changed.</summary>
    public static CachedAccount Of(AccountState account, IEnumerable<FreeQuotaState> changed, DateTimeOffset now)
    {
        // The writers of the ledger raise the version by one with every commit that changes the account.
        var version = account.Version + 1;
        return new(account.UserId, new CachedFunds(version, account.Funds, now), [.. changed.Select(quota => Quota(version, quota))]);
    }

    public CachedQuota? QuotaOf(int serviceId, DateOnly month) => Quotas.FirstOrDefault(quota => quota.ServiceId == serviceId && quota.Month == month);

    /// <summary>Of each part the newer one.</summary>
    public CachedAccount With(CachedAccount other) => new(
        UserId,
        Funds.Version >= other.Funds.Version ? Funds : other.Funds,
        [.. Quotas.Concat(other.Quotas).GroupBy(quota => (quota.ServiceId, quota.Month)).Select(same => same.MaxBy(quota => quota.Version)!)]);

    /// <summary>Whether both say the same of the money and of one month's free quotas, whatever their versions and times.</summary>
    public bool Agrees(CachedAccount other, DateOnly month) => Funds.Funds == other.Funds.Funds && UnitsIn(month).SetEquals(other.UnitsIn(month));

    HashSet<(int, long, long, long)> UnitsIn(DateOnly month) =>
        [.. Quotas.Where(quota => quota.Month == month).Select(quota => (quota.ServiceId, quota.Granted, quota.Used, quota.Held))];

    static CachedQuota Quota(long version, FreeQuotaState quota) => new(version, quota.Key.ServiceId, quota.Key.Month, quota.Granted, quota.Used, quota.Held);
}
