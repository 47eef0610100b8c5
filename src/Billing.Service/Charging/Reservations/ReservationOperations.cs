namespace Billing.Service.Charging.Reservations;

/// <summary>Something that a caller wants done to one reservation.</summary>
public abstract record ReservationOperation(Guid ReservationId, string Owner) : Operation
{
    public sealed override string UserId => Owner;
}

/// <summary>Sets funds aside for calls to come, all or nothing, and only up to the deadline.</summary>
/// <param name="Cost">What all of them would cost, for services priced by the gateway.</param>
/// <param name="RequestedAt">Decides whose month's free quota is set aside.</param>
public sealed record HoldFunds(
    Guid ReservationId, string Owner, string Service, long Quantity, Money? Cost, TimeSpan GrantFor, DateTimeOffset RequestedAt, DateTimeOffset Deadline)
    : ReservationOperation(ReservationId, Owner)
{
    public long ContentHash { get; } = Charging.ContentHash.OfReservation(Owner, Service, Quantity, Cost, GrantFor);
}

/// <summary>Sets more aside under the same reservation, or only for longer, all or nothing. Steps go up: one that comes after a later one moves nothing.</summary>
/// <param name="Quantity">Units more; zero to extend the time alone.</param>
public sealed record ExtendHold(Guid ReservationId, string Owner, int Step, long Quantity, Money? Cost, TimeSpan GrantFor, DateTimeOffset Deadline)
    : ReservationOperation(ReservationId, Owner)
{
    public long ContentHash { get; } = Charging.ContentHash.OfReservation(Owner, "", Quantity, Cost, GrantFor);
}

/// <summary>Gives back at once what the reservation will not need any more.</summary>
/// <param name="UsedQuantity">The units that its usage adds up to, charged or still on the way; null when nothing more is on the way.</param>
public sealed record ReleaseHold(Guid ReservationId, string Owner, long? UsedQuantity) : ReservationOperation(ReservationId, Owner);

/// <summary>Gives back what is left of a reservation whose time to settle is over.</summary>
public sealed record SweepHold(Guid ReservationId, string Owner) : ReservationOperation(ReservationId, Owner);
