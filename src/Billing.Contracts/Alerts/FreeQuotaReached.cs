namespace Billing.Contracts;

/// <summary>A commit took the used part of a service's free quota to a percentage or past it. Told once for each percentage, service and month.</summary>
public sealed record FreeQuotaReached
{
    public required string UserId { get; init; }

    public required string Service { get; init; }

    /// <summary>The month of the free quota in the billing time zone, such as "2026-11".</summary>
    public required string Month { get; init; }

    /// <summary>80 or 100: what was reached. <see cref="Used"/> may be past it already.</summary>
    public required int Percent { get; init; }

    /// <summary>Free units used, after the commit. What reservations hold is not among them.</summary>
    public required long Used { get; init; }

    /// <summary>Free units of the whole month.</summary>
    public required long Granted { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}
