namespace Billing.Contracts;

/// <summary>May the user make these calls now? Advisory: nothing is set aside. Answered by <see cref="QuotaStatus"/>.</summary>
public sealed record CheckQuota
{
    public required string UserId { get; init; }

    public required string Service { get; init; }

    /// <summary>Units asked for, 1 to 1,000,000,000.</summary>
    public long Quantity { get; init; } = 1;

    /// <summary>What they would cost in total, for services priced by the gateway; absent counts as zero there.</summary>
    public Money? Cost { get; init; }
}
