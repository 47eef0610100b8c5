namespace Billing.Service.Quota.Caching;

/// <summary>Some of the entries, for the comparison with the database.</summary>
/// <param name="Next">Where the next page begins; 0 after the last one.</param>
public sealed record CachePage(IReadOnlyList<string> UserIds, long Next);
