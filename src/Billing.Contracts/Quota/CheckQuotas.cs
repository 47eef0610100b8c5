namespace Billing.Contracts;

/// <summary>Many checks at once, of one user or of many; each as if it were the only one. Answered by <see cref="QuotaStatuses"/>.</summary>
public sealed record CheckQuotas
{
    /// <summary>Up to 500.</summary>
    public required IReadOnlyList<CheckQuota> Items { get; init; }
}
