using System.Collections.Concurrent;
using System.Threading.Channels;
using Billing.Service.Charging;
using Billing.Service.Ledger;
using Microsoft.Extensions.Options;

namespace Billing.Service.Quota.Caching;

/// <summary>
/// Takes what each commit has changed into the cache, behind the commit's back: charging never waits for it. What waits is kept once an
/// account, its newest state; while the cache is away it goes on waiting. What is lost with the process, or because too much waits,
/// leaves an old entry until that expires.
/// </summary>
public sealed class CommittedAccounts(IAccountCache cache, DatabaseContact database, CacheMetrics metrics, IOptions<CacheOptions> options) : BackgroundService, ICommitObserver
{
    const int AtOnceMax = 256;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    readonly ConcurrentDictionary<string, CachedAccount> _waiting = new(StringComparer.Ordinal);
    readonly Channel<string> _turns = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    int _count;

    public void Committed(Decisions decisions, DateTimeOffset now)
    {
        database.Heard();
        var quotas = decisions.FreeQuotas.ToLookup(quota => quota.Key.AccountId);
        foreach (var account in decisions.Accounts) Wait(CachedAccount.Of(account, quotas[account.AccountId], now));
    }

    /// <summary>The version that this process has committed of an account and not yet written to the cache: who knows less is behind.</summary>
    public long WaitingVersion(string userId) => _waiting.TryGetValue(userId, out var waiting) ? waiting.Funds.Version : -1;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var turn = new List<string>(AtOnceMax);
        while (await _turns.Reader.WaitToReadAsync(stoppingToken))
        {
            turn.Clear();
            while (turn.Count < AtOnceMax && _turns.Reader.TryRead(out var user)) turn.Add(user);
            // Sent together, answered together.
            var written = await Task.WhenAll(turn.Select(user => Write(user).AsTask()));
            if (written.Contains(false)) await Task.Delay(Pause, stoppingToken);
        }
    }

    void Wait(CachedAccount account)
    {
        while (true)
        {
            if (_waiting.TryGetValue(account.UserId, out var known))
            {
                if (_waiting.TryUpdate(account.UserId, known.With(account), known)) return;
            }
            else if (Volatile.Read(ref _count) >= options.Value.WaitingMax)
            {
                metrics.Lost();
                return;
            }
            else if (_waiting.TryAdd(account.UserId, account))
            {
                Interlocked.Increment(ref _count);
                _turns.Writer.TryWrite(account.UserId);
                return;
            }
        }
    }

    async ValueTask<bool> Write(string userId)
    {
        var account = _waiting[userId];
        var written = await cache.Write(account);
        // Only now: until then checks know that the cache is behind. A commit that came meanwhile takes another turn.
        if (written && _waiting.TryRemove(KeyValuePair.Create(userId, account))) Interlocked.Decrement(ref _count);
        else _turns.Writer.TryWrite(userId);
        return written;
    }
}
