using Billing.Service.Charging;

namespace Billing.Service.Quota.Caching;

/// <summary>An account's money at one version of the ledger, and when it was known to be so.</summary>
public sealed record CachedFunds(long Version, AccountFunds Funds, DateTimeOffset AsOf);
