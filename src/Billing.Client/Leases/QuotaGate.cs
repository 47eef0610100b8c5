using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Billing.Client.Leases;

sealed class QuotaGate : IQuotaGate, IAsyncDisposable
{
    static readonly TimeSpan SweepEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>The two clocks of the machine disagree by more than this since the last sweep: it slept, or its clock was set.</summary>
    static readonly TimeSpan JumpMin = TimeSpan.FromSeconds(1);

    /// <summary>Each turn is a request that brought a lease, or a smaller one than a caller needed; others may have been faster.</summary>
    const int AsksMax = 100;

    readonly ConcurrentDictionary<LeaseKey, Holding> _holdings = new();
    readonly LeaseDesk _desk;
    readonly LeaseReturns _returns;
    readonly OpenLeases _open;
    readonly GateMetrics _metrics;
    readonly QuotaGateOptions _options;
    readonly TimeProvider _time;
    readonly ILogger<QuotaGate> _logger;
    readonly Dictionary<string, Money> _unitCosts;
    readonly ITimer _sweeps;
    Lease _letThrough;
    Moment _lastSweep;
    int _keys;
    int _sweeping;
    volatile bool _stopped;

    public QuotaGate(LeaseDesk desk, LeaseReturns returns, OpenLeases open, GateMetrics metrics, IOptions<QuotaGateOptions> options, TimeProvider time, ILogger<QuotaGate> logger)
    {
        (_desk, _returns, _open, _metrics, _options, _time, _logger) = (desk, returns, open, metrics, options.Value, time, logger);
        _unitCosts = _options.MaxUnitCosts.ToDictionary(cost => cost.Key, cost => Money.FromDecimal(cost.Value));
        _letThrough = WithoutReservation();
        _lastSweep = Moment.Now(time);
        _sweeps = time.CreateTimer(static gate => ((QuotaGate)gate!).SweepOnce(), this, SweepEvery, SweepEvery);
    }

    public IReadOnlyCollection<LeaseState> Leases
    {
        get
        {
            var now = Moment.Now(_time);
            return [.. _open.All.Select(lease => StateOf(lease, now))];
        }
    }

    public bool TryAcquire(string userId, string service, long quantity, out QuotaGrant grant, Money? maxUnitCost = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quantity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quantity, Lease.QuantityMax);
        if (_holdings.TryGetValue(new LeaseKey(userId, service), out var holding)) return TryTake(holding, quantity, maxUnitCost ?? UnitCost(service), out grant);
        grant = new QuotaGrant(ClientErrorCodes.NoLease);
        return false;
    }

    public ValueTask<QuotaGrant> AcquireAsync(string userId, string service, long quantity, Money? maxUnitCost, CancellationToken cancellationToken) =>
        TryAcquire(userId, service, quantity, out var grant, maxUnitCost) || grant.Code != ClientErrorCodes.NoLease
            ? new ValueTask<QuotaGrant>(grant)
            : Wait(new LeaseKey(userId, service), quantity, maxUnitCost ?? UnitCost(service), cancellationToken);

    /// <summary>No lease is taken any more; all go back, those with calls under way when these are settled, or else by their time.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopped) return;
        _stopped = true;
        await _sweeps.DisposeAsync();
        foreach (var holding in _holdings.Values) holding.End();
        await AllReturned();
        _returns.Dispose();
    }

    /// <summary>Renews, gives back, forgets. Called by the timer; apart from that by tests.</summary>
    internal void Sweep()
    {
        var now = Moment.Now(_time);
        var jumped = now.JumpSince(_lastSweep, _time) > JumpMin;
        _lastSweep = now;
        foreach (var (key, holding) in _holdings)
        {
            if (holding.Sweep(now, closeAll: jumped) && _holdings.TryRemove(KeyValuePair.Create(key, holding))) Interlocked.Decrement(ref _keys);
        }
        _open.Lapse(now);
    }

    bool TryTake(Holding holding, long quantity, Money unitCost, out QuotaGrant grant)
    {
        var now = Moment.Now(_time);
        if (holding.TryTake(quantity, unitCost, now, out grant)) return true;
        var refusal = holding.Refused(quantity, now);
        grant = refusal switch
        {
            null => new QuotaGrant(ClientErrorCodes.NoLease),
            { Unavailable: true } when _options.WhenUnavailable == WhenUnavailable.Allow => LetThrough(quantity),
            _ => new QuotaGrant(refusal.Code),
        };
        if (refusal is not null && !grant.Allowed) _metrics.Refused(refusal.Code);
        return grant.Allowed;
    }

    async ValueTask<QuotaGrant> Wait(LeaseKey key, long quantity, Money unitCost, CancellationToken cancellationToken)
    {
        for (var asked = 0; asked < AsksMax; asked++)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            var (holding, kept) = FindOrAdd(key);
            if (holding.Ask(quantity, unitCost) is not { } answer) continue;
            await answer.WaitAsync(cancellationToken);
            var decided = TryTake(holding, quantity, unitCost, out var grant) || grant.Code != ClientErrorCodes.NoLease;
            if (!kept) holding.End();
            if (decided) return grant;
        }
        _metrics.Refused(ClientErrorCodes.NoLease);
        return new QuotaGrant(ClientErrorCodes.NoLease);
    }

    /// <summary>Beyond the number of keys a holding serves one call and is forgotten: a million users must not eat the memory.</summary>
    (Holding Holding, bool Kept) FindOrAdd(LeaseKey key)
    {
        if (_holdings.TryGetValue(key, out var found)) return (found, true);
        var added = NewHolding(key, forOneCall: false);
        if (Interlocked.Increment(ref _keys) > _options.KeysMax)
        {
            Interlocked.Decrement(ref _keys);
            return (NewHolding(key, forOneCall: true), false);
        }
        var there = _holdings.GetOrAdd(key, added);
        if (there != added) Interlocked.Decrement(ref _keys);
        return (there, true);
    }

    QuotaGrant LetThrough(long quantity)
    {
        _metrics.LetThrough();
        while (true)
        {
            var lease = Volatile.Read(ref _letThrough);
            if (lease.TryTake(quantity, out var ticket, out _)) return new QuotaGrant(lease, ticket, quantity);
            Interlocked.CompareExchange(ref _letThrough, WithoutReservation(), lease);
        }
    }

    void SweepOnce()
    {
        if (Interlocked.Exchange(ref _sweeping, 1) != 0) return;
        try
        {
            Sweep();
        }
        catch (Exception exception)
        {
            // A timer's exception would end the program; the next sweep does what this one did not.
            _logger.LogError(exception, "A sweep of the leases failed");
        }
        finally
        {
            Volatile.Write(ref _sweeping, 0);
        }
    }

    async Task AllReturned()
    {
        var limit = Moment.Now(_time).Plus(_options.ShutdownWait, _time);
        while ((!_open.IsEmpty || _holdings.Values.Any(holding => holding.IsAsking)) && !Moment.Now(_time).IsPast(limit)) await Task.Delay(TimeSpan.FromMilliseconds(20), _time);
        if (!_open.IsEmpty) _logger.LogWarning("{LeaseCount} leases were not given back in time; the service takes back what is left of them when their time is over", _open.All.Count);
    }

    Holding NewHolding(LeaseKey key, bool forOneCall) => new(key, forOneCall, _desk, _options, _time, _logger);

    Money UnitCost(string service) => _unitCosts.Count == 0 ? Money.Zero : _unitCosts.GetValueOrDefault(service);

    static Lease WithoutReservation() => Lease.WithoutReservation(never: new Moment(long.MaxValue, long.MaxValue));

    LeaseState StateOf(Lease lease, Moment now) => new(
        lease.ReservationId!.Value, lease.Key.UserId, lease.Key.Service, lease.Units, lease.Left, lease.Used, lease.Outstanding, lease.IsClosed,
        -now.Since(lease.GrantUntil, _time));
}
