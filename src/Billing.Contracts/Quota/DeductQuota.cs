namespace Billing.Contracts;

/// <summary>
/// Charges a usage before it happens, all or nothing: never more than free quota, balance and overdraft limit hold.
/// Shares its ids with <see cref="UsageOccurred"/>; a repeat returns the stored result. Answered by <see cref="QuotaDeduction"/>.
/// </summary>
public sealed record DeductQuota
{
    /// <summary>The gateway's id of this usage, as in <see cref="UsageOccurred"/>.</summary>
    public required Guid UsageId { get; init; }

    public required string UserId { get; init; }

    public required string Service { get; init; }

    /// <summary>Units, 1 to 1,000,000,000.</summary>
    public required long Quantity { get; init; }

    /// <summary>The total cost, for services priced by the gateway.</summary>
    public Money? Cost { get; init; }

    public string? Currency { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Past this instant nothing is charged and the answer is "request_expired". Absent: five seconds after it was sent.</summary>
    public DateTimeOffset? Deadline { get; init; }
}
