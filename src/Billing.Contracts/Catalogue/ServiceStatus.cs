namespace Billing.Contracts;

/// <summary>The answer to <see cref="GetService"/>: one service on sale, with what it costs now, what it will and what it did.</summary>
public sealed record ServiceStatus
{
    public required string Service { get; init; }

    /// <summary>Why there is no answer; one of <see cref="ErrorCodes"/>.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    /// <summary><c>catalogue</c>, or <c>gateway</c> when each usage names its cost and there are no prices here.</summary>
    public string? PricedBy { get; init; }

    /// <summary>The price in force.</summary>
    public ServicePrice? Price { get; init; }

    /// <summary>Planned prices, the next one first.</summary>
    public IReadOnlyList<ServicePrice> PricesToCome { get; init; } = [];

    /// <summary>Former prices, the first one first.</summary>
    public IReadOnlyList<ServicePrice> PricesBefore { get; init; } = [];

    /// <summary>The free quota of this month; absent when it never had one.</summary>
    public ServiceFreeQuota? FreeQuota { get; init; }

    /// <summary>Planned free quotas, the next one first.</summary>
    public IReadOnlyList<ServiceFreeQuota> FreeQuotasToCome { get; init; } = [];

    /// <summary>The catalogue's, which goes up with every change of it.</summary>
    public long CatalogueVersion { get; init; }

    public required string Currency { get; init; }
    public required DateTimeOffset AsOf { get; init; }
}
