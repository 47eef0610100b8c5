namespace Billing.Service.Charging;

/// <summary>A usage whose shape has been checked. <see cref="OccurredAt"/> is cut to microseconds, as the database keeps it.</summary>
public sealed record Usage
{
    public const long QuantityMax = UsageLimits.QuantityMax;

    public required Guid UsageId { get; init; }
    public required string UserId { get; init; }
    public required string Service { get; init; }
    public required long Quantity { get; init; }
    public Money? Cost { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The reservation that pays first.</summary>
    public Guid? ReservationId { get; init; }

    /// <summary>What "the same content" means: see <see cref="Charging.ContentHash"/>.</summary>
    public required long ContentHash { get; init; }
}
