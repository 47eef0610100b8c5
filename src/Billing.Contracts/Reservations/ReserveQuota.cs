namespace Billing.Contracts;

/// <summary>
/// Sets free units and money aside for calls to come, all or nothing: as much as they can cost at most. Usage that names the
/// reservation is paid from it first. A repeat returns the reservation as it stands. Answered by <see cref="QuotaReservation"/>.
/// </summary>
public sealed record ReserveQuota
{
    /// <summary>An id of the caller's, unique among this user's reservations; the same one when it repeats.</summary>
    public required Guid ReservationId { get; init; }

    public required string UserId { get; init; }

    public required string Service { get; init; }

    /// <summary>Units, 1 to 1,000,000,000.</summary>
    public required long Quantity { get; init; }

    /// <summary>What all of them cost at most, for services priced by the gateway.</summary>
    public Money? Cost { get; init; }

    public string? Currency { get; init; }

    /// <summary>How long the caller hands out calls under it, in seconds, 1 to 3,600; what is left goes back ten minutes after that, by default.</summary>
    public int GrantSeconds { get; init; } = 30;

    /// <summary>Past this instant nothing is set aside and the answer is "request_expired". Absent: five seconds after it was sent.</summary>
    public DateTimeOffset? Deadline { get; init; }
}
