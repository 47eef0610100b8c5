using System.Collections.Concurrent;
using Billing.Service.Ledger;
using Billing.Service.Queries;

namespace Billing.Service.Quota.Caching;

/// <summary>
/// Reads accounts from the database for checks, and leaves the cache as they are. Who asks for an account that is being read waits for
/// that reading: one that is asked for by many and cached by nobody is read once.
/// </summary>
public sealed class AccountReads(ILedgerStore store, IAccountsReader reader, IAccountCache cache, DatabaseContact database, CacheMetrics metrics)
{
    readonly ConcurrentDictionary<(string UserId, DateOnly Month), Lazy<Task<AccountView?>>> _underWay = new();

    /// <summary>Throws what the database threw.</summary>
    /// <param name="seen">What the cache said before.</param>
    /// <returns>Null when no operation has named the user yet; and whether the reading may have begun before it was asked for.</returns>
    public async Task<(AccountView? Account, bool Earlier)> Read(string userId, DateOnly month, CacheReading seen, CancellationToken cancellationToken)
    {
        Lazy<Task<AccountView?>> own = null!;
        own = new(() => ReadAlone(userId, month, seen, own));
        var reading = _underWay.GetOrAdd((userId, month), own);
        return (await reading.Value.WaitAsync(cancellationToken), reading != own);
    }

    /// <summary>Several in one round trip.</summary>
    public async Task<IReadOnlyDictionary<string, AccountView>> Read(IReadOnlyDictionary<string, CacheReading> seen, DateOnly month, CancellationToken cancellationToken)
    {
        if (seen.Count == 0) return new Dictionary<string, AccountView>();

        var tickets = await Task.WhenAll(seen.Select(one => Begin(one.Key, one.Value)));
        var accounts = await FromDatabase(() => reader.Read([.. seen.Keys], month, cancellationToken), seen.Count);
        await Task.WhenAll(seen.Zip(tickets, (one, ticket) => Keep(one.Key, month, one.Value, ticket, accounts.GetValueOrDefault(one.Key))));
        return accounts;
    }

    // Not broken off with the one who asked first: others wait for it.
    async Task<AccountView?> ReadAlone(string userId, DateOnly month, CacheReading seen, Lazy<Task<AccountView?>> self)
    {
        try
        {
            var ticket = await Begin(userId, seen);
            var account = await FromDatabase(() => store.Read(userId, month, CancellationToken.None), accounts: 1);
            await Keep(userId, month, seen, ticket, account);
            return account;
        }
        finally
        {
            // Before anyone is answered: whoever asks after that answer gets a reading that began after it.
            _underWay.TryRemove(KeyValuePair.Create((userId, month), self));
        }
    }

    async Task<T> FromDatabase<T>(Func<Task<T>> read, int accounts)
    {
        metrics.ReadFromDatabase(accounts);
        try
        {
            var found = await read();
            database.Heard();
            return found;
        }
        catch (Exception exception) when (store.Classify(exception) == FailureKind.Unavailable)
        {
            database.Refused();
            throw;
        }
    }

    async Task<FillTicket?> Begin(string userId, CacheReading seen)
    {
        if (seen.Finding is CacheFinding.Known or CacheFinding.Away) return null;
        if (seen.Finding == CacheFinding.Unreadable) await cache.Remove(userId);
        return await cache.BeginFill(userId);
    }

    /// <summary>Fills what was missing, and mends what turned out to be behind or wrong.</summary>
    async Task Keep(string userId, DateOnly month, CacheReading seen, FillTicket? ticket, AccountView? account)
    {
        if (ticket is { } fill)
        {
            // Who has no account yet is not kept: the first operation would have to be told of.
            if (account is null) await cache.Remove(userId);
            else await cache.Fill(fill, CachedAccount.Of(account), month);
        }
        else if (seen.Account is { } cached)
        {
            var actual = account is null ? null : CachedAccount.Of(account);
            if (actual is not null && actual.Funds.Version > cached.Funds.Version) await cache.Write(actual);
            else if (actual is null || actual.Funds.Version < cached.Funds.Version || !actual.Agrees(cached, month))
            {
                metrics.Drifted(DriftCause.Corruption);
                await cache.Remove(userId);
            }
        }
    }
}
