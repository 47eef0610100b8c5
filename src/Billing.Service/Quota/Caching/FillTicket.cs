namespace Billing.Service.Quota.Caching;

/// <summary>
/// The right to fill an account's entry with what is read from the database from now on. It is the entry's own: when the entry goes,
/// commits are not written into it any more, and what was read meanwhile is not worth keeping.
/// </summary>
/// <param name="Token">Tells this entry from the next one of the same account.</param>
/// <param name="BegunAt">By the cache's clock, in milliseconds: the entry's age counts from here.</param>
public readonly record struct FillTicket(string UserId, string Token, long BegunAt);
