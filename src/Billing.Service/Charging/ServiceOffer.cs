namespace Billing.Service.Charging;

public enum PricedBy
{
    /// <summary>The catalogue has the unit price; a usage that names a cost is refused.</summary>
    Catalogue = 1,

    /// <summary>The gateway names the total cost of each usage.</summary>
    Gateway = 2,
}

/// <summary>A price from an instant on, until the next version.</summary>
public sealed record PriceVersion(int Version, UnitPrice Price, DateTimeOffset From);

/// <summary>Free units per user and calendar month, from a month on, until the next version.</summary>
public sealed record FreeQuotaVersion(int Version, long Units, DateOnly FromMonth);

/// <summary>One API product on sale.</summary>
/// <param name="Prices">By rising time; empty when the gateway prices.</param>
/// <param name="FreeQuotas">By rising month; empty when nothing is free.</param>
public sealed record ServiceOffer(
    int ServiceId, string Name, PricedBy PricedBy, IReadOnlyList<PriceVersion> Prices, IReadOnlyList<FreeQuotaVersion> FreeQuotas)
{
    /// <summary>The price in force at an instant: late usage is priced as of when it occurred.</summary>
    public PriceVersion? PriceAt(DateTimeOffset instant) => Prices.LastOrDefault(price => price.From <= instant);

    /// <summary>The free units of a month, given by its first day.</summary>
    public long FreeUnitsIn(DateOnly month) => FreeQuotas.LastOrDefault(quota => quota.FromMonth <= month)?.Units ?? 0;
}
