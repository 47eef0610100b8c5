namespace Billing.Contracts;

/// <summary>
/// One or more calls of one service by one user that have happened. Published by the gateway, charged exactly once by its
/// <see cref="UsageId"/>: the month's free quota first, then the prepaid balance, into debt if neither covers it.
/// </summary>
public sealed record UsageOccurred
{
    /// <summary>The gateway's id of this usage: the same usage always has the same one. Version 7 UUIDs are charged fastest.</summary>
    public required Guid UsageId { get; init; }

    /// <summary>1 to 128 characters of A-Z a-z 0-9 . _ @ : / ? = &amp; % + -</summary>
    public required string UserId { get; init; }

    /// <summary>The name of a service in the catalogue; same characters as <see cref="UserId"/>.</summary>
    public required string Service { get; init; }

    /// <summary>Units used, 1 to 1,000,000,000.</summary>
    public required long Quantity { get; init; }

    /// <summary>The total cost, for services priced by the gateway, zero or more. Absent for services priced by the catalogue.</summary>
    public Money? Cost { get; init; }

    /// <summary>ISO 4217 code of <see cref="Cost"/>. Absent: the deployment's billing currency.</summary>
    public string? Currency { get; init; }

    /// <summary>When it happened: at most 35 days ago and 5 minutes ahead. Counts for price, free quota and statistics.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The reservation that pays it first; absent when none does. See <see cref="ReserveQuota"/>.</summary>
    public Guid? ReservationId { get; init; }
}
