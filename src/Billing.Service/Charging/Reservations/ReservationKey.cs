namespace Billing.Service.Charging.Reservations;

/// <summary>A reservation is known by its caller's id among those of one account: another user's cannot be met by chance or by guessing.</summary>
public readonly record struct ReservationKey(long AccountId, Guid ReservationId);
