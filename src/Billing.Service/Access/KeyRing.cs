using System.Collections.Concurrent;
using Billing.Service.Ledger;

namespace Billing.Service.Access;

/// <summary>
/// The keys that this instance has met. Each is read anew when it is <see cref="AgeMax"/> old: so long may a revoked key still open a door,
/// on every instance. Only keys that exist are remembered: wrong ids take no memory, and a new key opens at once.
/// </summary>
public sealed class KeyRing(KeyStore store, ILedgerStore ledger, TimeProvider time, ILogger<KeyRing> logger)
{
    public static readonly TimeSpan AgeMax = TimeSpan.FromSeconds(5);
    static readonly TimeSpan LastUsedEvery = TimeSpan.FromHours(1);

    readonly ConcurrentDictionary<string, Look> _looks = new();

    /// <summary>Whether the key was ever right here: looked up again, it costs no more than it did.</summary>
    public bool Knows(string keyId) => _looks.ContainsKey(keyId);

    /// <summary>The key that this text opens, revoked, expired or not; null when there is none.</summary>
    public async Task<ApiKey?> Open(KeyText text, CancellationToken cancellationToken)
    {
        var stored = await Read(text.Id).WaitAsync(cancellationToken);
        if (stored is null || !stored.IsOpenedBy(text)) return null;
        if (stored.Key.RevokedAt is null && !stored.Key.HasExpired(time.GetUtcNow())) await MarkUsed(stored.Key);
        return stored.Key;
    }

    async Task<StoredKey?> Read(string keyId)
    {
        var now = time.GetTimestamp();
        if (_looks.TryGetValue(keyId, out var look) && time.GetElapsedTime(look.At, now) < AgeMax) return await look.Stored;

        // Counted from before the read, whatever it takes; who comes meanwhile waits for the same one. Not given up with one caller's request.
        var next = new Look(now, new Lazy<Task<StoredKey?>>(() => store.Find(keyId, CancellationToken.None)));
        if (look is not null && !_looks.TryUpdate(keyId, next, look)) return await Read(keyId);
        try
        {
            var stored = await next.Stored;
            if (stored is not null && look is null) _looks.TryAdd(keyId, next);
            return stored;
        }
        catch
        {
            // What failed is nobody's answer, and the key is still one that this instance has met: the next request reads it.
            if (look is not null) _looks.TryUpdate(keyId, look, next);
            throw;
        }
    }

    async Task MarkUsed(ApiKey key)
    {
        var now = time.GetUtcNow();
        if (key.LastUsedAt is { } last && now - last < LastUsedEvery) return;
        try
        {
            await store.MarkUsed(key.KeyId, now, CancellationToken.None);
            // Read anew with the new time at the next look; until then this row would be written once more by each request.
            if (_looks.TryGetValue(key.KeyId, out var look))
                _looks.TryUpdate(key.KeyId, new Look(look.At, new Lazy<Task<StoredKey?>>(() => store.Find(key.KeyId, CancellationToken.None))), look);
        }
        catch (Exception exception) when (ledger.Classify(exception) == FailureKind.Unavailable)
        {
            // When it was last used is for people to read: no caller waits for it.
            logger.LogWarning("The use of key {KeyId} could not be noted: {Error}", key.KeyId, exception.Message);
        }
    }

    sealed record Look(long At, Lazy<Task<StoredKey?>> Reading)
    {
        public Task<StoredKey?> Stored => Reading.Value;
    }
}
