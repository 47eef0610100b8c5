using Microsoft.Extensions.Logging;

namespace Billing.Client.Leases;

/// <summary>
/// What one user and service has in hand: the lease that calls are taken from, the one after it, and a remembered "no". One request
/// at a time is under way for all who wait.
/// </summary>
/// <param name="forOneCall">It asks for no more than who waits needs, since it is given up at once.</param>
sealed class Holding(LeaseKey key, bool forOneCall, LeaseDesk desk, QuotaGateOptions options, TimeProvider time, ILogger logger) : IThreadPoolWorkItem
{
    /// <summary>A shorter time than this says nothing about a rate.</summary>
    static readonly TimeSpan PaceTimeMin = TimeSpan.FromMilliseconds(100);

    readonly Lock _lock = new();
    volatile Lease? _current;
    volatile Lease? _next;
    volatile Refusal? _refusal;
    Task? _asking;

    // The units of the call that a renewal was started for; 0 when none is under way.
    int _renewing;
    Money _renewalCost;

    // What calls that wait need, for the next request.
    long _waitingMost;
    long _waiting;

    // The pace: units taken from earlier leases, and how many it were when the last lease came.
    long _takenBefore;
    (Moment At, long Taken, long Size)? _lastLease;
    long? _affordable;

    // Of the sweeps.
    long _grantsBefore;
    long _grantsSeen = -1;
    Moment _lastUse;
    bool _ended;

    public bool IsAsking => Volatile.Read(ref _asking) is { IsCompleted: false };

    public bool TryTake(long quantity, Money unitCost, Moment now, out QuotaGrant grant)
    {
        if (_current is { } lease && lease.Covers(unitCost, now) && lease.TryTake(quantity, out var ticket, out var left))
        {
            grant = new QuotaGrant(lease, ticket, quantity);
            if (_next is null && left < lease.Units * options.RenewAt) Renew(quantity, unitCost, now);
            return true;
        }
        if (_next is not null) return TryTakeNext(quantity, unitCost, now, out grant);
        grant = default;
        return false;
    }

    /// <summary>A "no" that still stands for a call of this size.</summary>
    public Refusal? Refused(long quantity, Moment now) => _refusal is { } refusal && refusal.Holds(quantity, now) ? refusal : null;

    /// <summary>Asks for a lease, or joins the request under way. Null when this holding is given up: the caller finds the one after it.</summary>
    public Task? Ask(long quantity, Money unitCost)
    {
        lock (_lock)
        {
            if (_ended) return null;
            _waitingMost = Math.Max(_waitingMost, quantity);
            _waiting += quantity;
            if (_asking is null or { IsCompleted: true }) _asking = Task.Run(() => Request(unitCost));
            return _asking;
        }
    }

    /// <summary>Renews what runs out, gives back what nobody uses. True when nothing is left of it and it may be forgotten.</summary>
    public bool Sweep(Moment now, bool closeAll)
    {
        lock (_lock)
        {
            if (closeAll || _current is { } current && now.IsPast(current.GrantUntil)) RetireCurrent();
            if (closeAll || _next is { } next && now.IsPast(next.GrantUntil)) RetireNext();
            NoteUse(now);
            if (now.Since(_lastUse, time) >= options.IdleAfter)
            {
                RetireCurrent();
                RetireNext();
            }
            else if (_next is null && _current is { Grants: > 0 } used && now.Plus(options.LeaseTime * options.RenewAt, time).IsPast(used.GrantUntil))
            {
                Renew(Math.Max(1, (used.Units - used.Left) / used.Grants), used.UnitCost, now);
            }
            if (_current is not null || _next is not null || _asking is { IsCompleted: false } || Refused(long.MaxValue, now) is not null) return false;
            return _ended = now.Since(_lastUse, time) >= options.IdleAfter;
        }
    }

    /// <summary>Gives back what it has and takes nothing more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            RetireCurrent();
            RetireNext();
        }
    }

    /// <summary>The renewal that a call started runs on a thread of its own: the call does not wait for it.</summary>
    public void Execute() => _ = RenewNow();

    async Task RenewNow()
    {
        try
        {
            await (Ask(Volatile.Read(ref _renewing), _renewalCost) ?? Task.CompletedTask);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "The lease of {UserId} for {Service} was not renewed", key.UserId, key.Service);
        }
        finally
        {
            Volatile.Write(ref _renewing, 0);
        }
    }

    void Renew(long quantity, Money unitCost, Moment now)
    {
        if (Refused(quantity, now) is not null || Interlocked.CompareExchange(ref _renewing, (int)quantity, 0) != 0) return;
        _renewalCost = unitCost;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    bool TryTakeNext(long quantity, Money unitCost, Moment now, out QuotaGrant grant)
    {
        lock (_lock)
        {
            if (_current is { } current && current.Covers(unitCost, now) && current.TryTake(quantity, out var ticket, out _))
            {
                grant = new QuotaGrant(current, ticket, quantity);
                return true;
            }
            if (_next is { } next && next.Covers(unitCost, now) && next.TryTake(quantity, out ticket, out _))
            {
                RetireCurrent();
                (_current, _next) = (next, null);
                grant = new QuotaGrant(next, ticket, quantity);
                return true;
            }
            grant = default;
            return false;
        }
    }

    async Task Request(Money unitCost)
    {
        var (least, waiting, units) = NextSize();
        var answer = await desk.Ask(key, least, waiting, units, unitCost);
        lock (_lock)
        {
            _affordable = answer.Affordable;
            if (answer.Refusal is not null) _refusal = answer.Refusal;
            if (answer.Lease is { } lease) Take(lease);
        }
    }

    (long Least, long Waiting, long Units) NextSize()
    {
        lock (_lock)
        {
            var (least, waiting) = (_waitingMost, _waiting);
            (_waitingMost, _waiting) = (0, 0);
            var now = Moment.Now(time);
            LeaseSize.Pace? pace = _lastLease is { } last ? new((Taken() - last.Taken) / Math.Max(now.Since(last.At, time).TotalSeconds, PaceTimeMin.TotalSeconds), last.Size) : null;
            return (least, waiting, forOneCall ? least : LeaseSize.Of(least, waiting, pace, _affordable, options));
        }
    }

    void Take(Lease lease)
    {
        var now = Moment.Now(time);
        (_lastLease, _lastUse) = ((now, Taken(), lease.Units), now);
        // A small lease says nothing about calls that are larger: these stay refused for a moment.
        if (_refusal is { } refusal && lease.Units >= refusal.From) _refusal = null;
        if (_ended) lease.Close();
        else if (_current is { Left: > 0 } current && _next is null && current.Covers(lease.UnitCost, now)) _next = lease;
        else ReplaceCurrent(lease);
    }

    /// <summary>The one in hand is used up, over, or too small for who waits.</summary>
    void ReplaceCurrent(Lease lease)
    {
        RetireCurrent();
        _current = lease;
    }

    void RetireCurrent()
    {
        Retire(_current);
        _current = null;
    }

    void RetireNext()
    {
        Retire(_next);
        _next = null;
    }

    /// <summary>It grants no more, and goes back when its last call is settled.</summary>
    void Retire(Lease? lease)
    {
        if (lease is null) return;
        lease.Close();
        _takenBefore += lease.Units - lease.Left;
        _grantsBefore += lease.Grants;
    }

    void NoteUse(Moment now)
    {
        var grants = _grantsBefore + (_current?.Grants ?? 0) + (_next?.Grants ?? 0);
        if (grants == _grantsSeen) return;
        (_grantsSeen, _lastUse) = (grants, now);
    }

    long Taken() => _takenBefore + TakenOf(_current) + TakenOf(_next);

    static long TakenOf(Lease? lease) => lease is null ? 0 : lease.Units - lease.Left;
}
