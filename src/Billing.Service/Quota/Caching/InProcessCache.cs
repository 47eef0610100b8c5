using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Billing.Service.Quota.Caching;

/// <summary>The cache of the embedded default. It dies with the process, and sees every commit only while this is the one process.</summary>
public sealed class InProcessCache(TimeProvider time, IOptions<CacheOptions> options) : IAccountCache
{
    readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    readonly Lock _makingRoom = new();
    long _tokens;

    public bool IsThere => true;

    public ValueTask<CacheReading> Read(string userId, DateOnly month) => new(
        Find(userId) is { Account: { } account } entry && entry.Month == month ? new CacheReading(CacheFinding.Known, account) : CacheReading.Missing);

    public ValueTask<FillTicket?> BeginFill(string userId)
    {
        var now = time.GetTimestamp();
        MakeRoom();
        var entry = _entries.AddOrUpdate(userId, _ => Empty(now), (_, known) =>
            IsOver(known) ? Empty(now) : known.Month is null ? known with { Until = now + Ticks(options.Value.FillMax) } : known);
        return new(new FillTicket(userId, entry.Token, now));
    }

    public ValueTask Fill(FillTicket ticket, CachedAccount account, DateOnly month)
    {
        while (Find(ticket.UserId) is { } known && known.Token == ticket.Token)
        {
            if (_entries.TryUpdate(ticket.UserId, Filled(known, ticket, account, month), known)) break;
        }
        return default;
    }

    public ValueTask<bool> Write(CachedAccount account)
    {
        while (Find(account.UserId) is { } known)
        {
            var both = known.Account is null ? account : known.Account.With(account);
            if (_entries.TryUpdate(account.UserId, known with { Account = both }, known)) break;
        }
        return new(true);
    }

    public ValueTask<bool> Remove(string userId)
    {
        _entries.TryRemove(userId, out _);
        return new(true);
    }

    public ValueTask<CachePage?> List(long from, int count)
    {
        var users = _entries.Where(entry => !IsOver(entry.Value)).Select(entry => entry.Key).Skip((int)Math.Min(from, int.MaxValue)).Take(count).ToArray();
        return new(new CachePage(users, users.Length < count ? 0 : from + users.Length));
    }

    Entry Filled(Entry known, FillTicket ticket, CachedAccount account, DateOnly month)
    {
        // Of two that are equally new the database's own word counts.
        var both = known.Account is null ? account : account.With(known.Account);
        // Who read less than the entry knows may complete it, and makes it live no longer.
        var later = known.Month is null || (ticket.BegunAt > known.FilledAt && account.Funds.Version >= known.Account!.Funds.Version);
        return later
            ? known with { Account = both, Month = month, FilledAt = ticket.BegunAt, Until = ticket.BegunAt + Ticks(options.Value.StaleMax) }
            : known with { Account = both };
    }

    Entry? Find(string userId) => _entries.TryGetValue(userId, out var entry) && !IsOver(entry) ? entry : null;

    bool IsOver(Entry entry) => time.GetTimestamp() >= entry.Until;

    Entry Empty(long now) => new($"{Interlocked.Increment(ref _tokens)}", now + Ticks(options.Value.FillMax), FilledAt: 0, Month: null, Account: null);

    void MakeRoom()
    {
        if (_entries.Count < options.Value.InProcessAccountsMax || !_makingRoom.TryEnter()) return;
        try
        {
            foreach (var (userId, entry) in _entries) if (IsOver(entry)) _entries.TryRemove(KeyValuePair.Create(userId, entry));
            // Any will do: who is asked for again is read again.
            foreach (var (userId, _) in _entries.Take(Math.Max(0, _entries.Count - options.Value.InProcessAccountsMax * 9 / 10))) _entries.TryRemove(userId, out var _);
        }
        finally
        {
            _makingRoom.Exit();
        }
    }

    long Ticks(TimeSpan span) => (long)((Int128)span.Ticks * time.TimestampFrequency / TimeSpan.TicksPerSecond);

    sealed record Entry(string Token, long Until, long FilledAt, DateOnly? Month, CachedAccount? Account);
}
