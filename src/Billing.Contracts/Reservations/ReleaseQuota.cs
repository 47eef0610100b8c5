namespace Billing.Contracts;

/// <summary>Gives back at once what a reservation does not need any more, to exactly where it came from. Answered by <see cref="QuotaRelease"/>.</summary>
public sealed record ReleaseQuota
{
    public required Guid ReservationId { get; init; }

    public required string UserId { get; init; }

    /// <summary>
    /// The units that all usage naming the reservation adds up to. What is still on its way stays set aside until it comes; absent
    /// when nothing is, and all that is left goes back.
    /// </summary>
    public long? UsedQuantity { get; init; }
}
