using System.Collections.Concurrent;

namespace Billing.Client.Leases;

/// <summary>Every lease that holds funds at the service, also those that only wait for their last calls to be settled.</summary>
sealed class OpenLeases
{
    readonly ConcurrentDictionary<Guid, Lease> _open = new();
    readonly Lock _counting = new();
    long _grantsOfEnded;

    public ICollection<Lease> All => _open.Values;

    public bool IsEmpty => _open.IsEmpty;

    public void Add(Lease lease) => _open[lease.ReservationId!.Value] = lease;

    public void Remove(Lease lease)
    {
        lock (_counting)
        {
            if (_open.TryRemove(lease.ReservationId!.Value, out _)) _grantsOfEnded += lease.Grants;
        }
    }

    /// <summary>All grants ever. Counted from the leases when somebody looks, so that a grant costs no counting.</summary>
    public long Grants()
    {
        lock (_counting) return _grantsOfEnded + _open.Values.Sum(lease => (long)lease.Grants);
    }

    /// <summary>Drops those whose time to settle is over. A call that was never settled, as when its handler was torn down, ends here.</summary>
    public void Lapse(Moment now)
    {
        foreach (var lease in _open.Values)
        {
            if (now.IsPast(lease.SettleBy) && lease.Lapse()) Remove(lease);
        }
    }
}
