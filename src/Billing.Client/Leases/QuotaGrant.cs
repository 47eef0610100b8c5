using Billing.Client.Leases;

namespace Billing.Client;

/// <summary>
/// The answer for one call. An allowed one is settled exactly once: by <see cref="Complete"/> with what was used, or by
/// <see cref="Return"/>. It carries a ticket of its lease, and the lease remembers each ticket that came back: a grant that was
/// copied settles once, by whichever copy comes first, and nothing has to be allocated for that.
/// </summary>
public readonly struct QuotaGrant
{
    readonly Lease? _lease;
    readonly int _ticket;

    internal QuotaGrant(Lease lease, int ticket, long quantity) => (_lease, _ticket, Quantity) = (lease, ticket, quantity);

    internal QuotaGrant(string code) => Code = code;

    public bool Allowed => _lease is not null;

    /// <summary>Why it was refused: one of <see cref="ErrorCodes"/> or of <see cref="ClientErrorCodes"/>. Absent when allowed.</summary>
    public string? Code { get; }

    /// <summary>The units granted.</summary>
    public long Quantity { get; }

    /// <summary>
    /// What the usage of the call has to name, so that it is paid from what was set aside. Absent when it was refused, and when it was
    /// let through although the service did not answer: then it is charged as any other.
    /// </summary>
    public Guid? ReservationId => _lease?.ReservationId;

    /// <summary>
    /// The call is over. What it did not use can be granted again; what it used beyond the grant is taken from the lease as far as
    /// that goes, and charged like any usage for the rest.
    /// </summary>
    /// <param name="actualQuantity">The units used, 0 to 1,000,000,000; those that the usage reports.</param>
    /// <returns>False when it was settled before: then the usage must not be reported again either.</returns>
    /// <exception cref="InvalidOperationException">It was refused, so there is nothing to settle.</exception>
    public bool Complete(long actualQuantity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(actualQuantity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(actualQuantity, Lease.QuantityMax);
        if (_lease is null) throw new InvalidOperationException("This call was refused: there is nothing to settle.");
        return _lease.Settle(_ticket, Quantity, actualQuantity);
    }

    /// <summary>The call was not made, or costs nothing: its units can be granted again.</summary>
    /// <returns>False when it was settled before.</returns>
    public bool Return() => Complete(0);
}
