using System.Net;
using System.Net.Sockets;

namespace Billing.Service.Access;

/// <summary>Counts wrong keys by the address they come from, for a minute each. Its memory is bounded: past that, all newcomers share one count.</summary>
public sealed class FailedAttempts(TimeProvider time)
{
    public const int FailuresMax = 20;
    const int AddressesMax = 10_000;
    const int SubnetBytes = 8; // whoever has an IPv6 address has its /64
    static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // Going through all of them at each of a flood of failures would be the attack.
    static readonly TimeSpan RoomEvery = TimeSpan.FromSeconds(10);

    readonly Dictionary<IPAddress, Count> _counts = [];
    readonly Lock _lock = new();
    long? _madeRoom;

    /// <summary>How long the address has to wait; null when it may go on.</summary>
    public TimeSpan? MustWait(IPAddress? address)
    {
        lock (_lock)
        {
            if (!_counts.TryGetValue(Slot(address), out var count) || count.Failures < FailuresMax) return null;
            var left = Window - time.GetElapsedTime(count.Since);
            return left > TimeSpan.Zero ? left : null;
        }
    }

    /// <summary>Notes one failure, and says how many there are now in this address's minute.</summary>
    public int Add(IPAddress? address)
    {
        lock (_lock)
        {
            var slot = Slot(address);
            var count = _counts.TryGetValue(slot, out var known) && time.GetElapsedTime(known.Since) < Window ? known : new Count(time.GetTimestamp(), 0);
            _counts[slot] = count = count with { Failures = count.Failures + 1 };
            return count.Failures;
        }
    }

    internal int Addresses { get { lock (_lock) return _counts.Count; } }

    IPAddress Slot(IPAddress? address)
    {
        var slot = SubnetOf(address ?? IPAddress.None);
        if (_counts.ContainsKey(slot) || _counts.Count < AddressesMax) return slot;
        if (_madeRoom is { } last && time.GetElapsedTime(last) < RoomEvery) return IPAddress.None;

        _madeRoom = time.GetTimestamp();
        foreach (var (other, count) in _counts)
        {
            if (time.GetElapsedTime(count.Since) >= Window) _counts.Remove(other);
        }
        return _counts.Count < AddressesMax ? slot : IPAddress.None;
    }

    static IPAddress SubnetOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(SubnetBytes).Clear();
        return new IPAddress(bytes);
    }

    readonly record struct Count(long Since, int Failures);
}
