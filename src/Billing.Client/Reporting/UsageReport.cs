namespace Billing.Client;

/// <summary>One or more calls of one service by one user that have happened.</summary>
public readonly record struct UsageReport
{
    /// <summary>The same usage always has the same one, so that a repeat is charged once. Absent: a version 7 UUID is made.</summary>
    public Guid? UsageId { get; init; }

    /// <summary>1 to 128 characters of A-Z a-z 0-9 . _ @ : / ? = &amp; % + -</summary>
    public required string UserId { get; init; }

    /// <summary>The name of a service in the catalogue; same characters as <see cref="UserId"/>.</summary>
    public required string Service { get; init; }

    /// <summary>Units used, 1 to 1,000,000,000.</summary>
    public required long Quantity { get; init; }

    /// <summary>The total cost, for services priced by the gateway. Absent for services priced by the catalogue.</summary>
    public Money? Cost { get; init; }

    /// <summary>ISO 4217 code of <see cref="Cost"/>. Absent: the deployment's billing currency.</summary>
    public string? Currency { get; init; }

    /// <summary>Absent: now, by the service's clock as far as it is known. Counted in whole microseconds.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>The reservation that pays it first; absent when none does.</summary>
    public Guid? ReservationId { get; init; }
}
