namespace Billing.Service.Quota.Caching.Checking;

/// <summary>What a comparison found: how many entries of a month it compared, and those that differ.</summary>
/// <param name="Next">Where the next comparison goes on; 0 after the last entry.</param>
public sealed record CacheComparison(int Compared, IReadOnlyList<Drift> Drifts, long Next);
