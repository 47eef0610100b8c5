namespace Billing.Service.Charging.Reservations;

/// <summary>A reservation right after an operation on it: the states themselves go on changing in the same batch.</summary>
public sealed record ReservationView(
    Guid ReservationId, int Step, Grant Granted, Hold Held, Settled Settled, DateTimeOffset GrantedAt, DateTimeOffset GrantUntil, DateTimeOffset SettleBy, DateTimeOffset? ClosedAt)
{
    public static ReservationView Of(ReservationState state) => new(
        state.Key.ReservationId, state.Step.Number, state.Granted, state.Held, state.Settled, state.GrantedAt, state.GrantUntil, state.SettleBy, state.ClosedAt);
}

/// <summary>The funds are set aside; <see cref="Duplicate"/> when an earlier request did it.</summary>
public sealed record Reserved(ReservationView Reservation, Money Available, long FreeUnitsLeft, bool Duplicate) : Outcome;

/// <summary>What went back did so now; <see cref="Duplicate"/> when it had done so before.</summary>
public sealed record Released(ReservationView Reservation, Hold GivenBack, Money Available, bool Duplicate) : Outcome;
