using Billing.Client.Leases;

namespace Billing.Client;

/// <summary>
/// What one call uses, for its handler to say: <c>context.Usage().Add(tokens)</c>. A handler that says nothing is charged the units of
/// its endpoint. May be called from several threads.
/// </summary>
public sealed class UsageMeter
{
    readonly Lock _lock = new();
    long? _units;
    Money? _cost;

    internal UsageMeter(Guid id, string userId, MeteredAttribute metered, QuotaGrant grant) => (Id, UserId, Metered, Grant) = (id, userId, metered, grant);

    /// <summary>The usage id, made by the gateway: also the response's header <c>Billing-Usage-Id</c>.</summary>
    public Guid Id { get; }

    public string UserId { get; }

    public string Service => Metered.Service;

    /// <summary>The units set aside. What a call uses beyond them is charged too.</summary>
    public long Reserved => Grant.Quantity;

    internal MeteredAttribute Metered { get; }

    internal QuotaGrant Grant { get; }

    /// <summary>Units more, 0 or more; for a stream, as it goes on. A usage ends at 1,000,000,000 units; what is beyond is not charged.</summary>
    public void Add(long units)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        lock (_lock) _units = Math.Min((_units ?? 0) + Math.Min(units, Lease.QuantityMax), Lease.QuantityMax);
    }

    /// <summary>All units of the call, 0 or more, in place of what was said before.</summary>
    public void Set(long units)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        lock (_lock) _units = Math.Min(units, Lease.QuantityMax);
    }

    /// <summary>The call costs nothing.</summary>
    public void Free() => Set(0);

    /// <summary>The total cost, for services priced by the gateway, in the billing currency.</summary>
    public void SetCost(Money cost)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cost.Nanos);
        lock (_lock) _cost = cost;
    }

    /// <param name="completed">False when the call was cut off: then only what the handler said is charged.</param>
    internal (long Units, Money? Cost) Read(bool completed)
    {
        lock (_lock) return (_units ?? (completed ? Metered.Units : 0), _cost);
    }
}
