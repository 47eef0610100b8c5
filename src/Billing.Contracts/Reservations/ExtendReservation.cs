namespace Billing.Contracts;

/// <summary>
/// Sets more aside under a reservation, or keeps it for longer, all or nothing; for calls that go on. When the funds end the answer
/// is "insufficient_funds", and the caller can cut the call. Answered by <see cref="QuotaReservation"/>.
/// </summary>
public sealed record ExtendReservation
{
    public required Guid ReservationId { get; init; }

    public required string UserId { get; init; }

    /// <summary>1 for the first extension, 2 for the next; the same number when it repeats. One that comes after a later one moves nothing.</summary>
    public required int Step { get; init; }

    /// <summary>Units more, up to 1,000,000,000; 0 keeps what there is for longer.</summary>
    public long Quantity { get; init; }

    /// <summary>What they cost at most, for services priced by the gateway; may stand with a quantity of 0.</summary>
    public Money? Cost { get; init; }

    public string? Currency { get; init; }

    /// <summary>From now on, in seconds, 1 to 3,600; never makes the time shorter.</summary>
    public int GrantSeconds { get; init; } = 30;

    public DateTimeOffset? Deadline { get; init; }
}
