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
    /// <summary>What a service goes on sale with holds from here on: nothing was charged before, and usage that came too early is charged by it.</summary>
    static readonly DateOnly BeginningDay = new(2000, 1, 1);

    static readonly DateTimeOffset Beginning = new(BeginningDay, TimeOnly.MinValue, TimeSpan.Zero);

    public static ServiceOffer New(int serviceId, string name, PricedBy pricedBy, UnitPrice? price, long freeUnits) => new(serviceId, name, pricedBy,
        price is { } first ? [new PriceVersion(1, first, Beginning)] : [],
        freeUnits > 0 ? [new FreeQuotaVersion(1, freeUnits, BeginningDay)] : []);

    public int NextPriceVersion => Prices.Select(price => price.Version).DefaultIfEmpty().Max() + 1;

    public int NextFreeQuotaVersion => FreeQuotas.Select(quota => quota.Version).DefaultIfEmpty().Max() + 1;

    /// <summary>Whether this service, whatever has changed since, began as the other does.</summary>
    public bool BeganAs(ServiceOffer other) =>
        Name == other.Name && PricedBy == other.PricedBy && PriceAt(Beginning)?.Price == other.PriceAt(Beginning)?.Price
            && FreeUnitsIn(BeginningDay) == other.FreeUnitsIn(BeginningDay);

    /// <summary>The price in force at an instant: late usage is priced as of when it occurred.</summary>
    public PriceVersion? PriceAt(DateTimeOffset instant) => Prices.LastOrDefault(price => price.From <= instant);

    /// <summary>The free quota of a month, given by its first day.</summary>
    public FreeQuotaVersion? FreeQuotaIn(DateOnly month) => FreeQuotas.LastOrDefault(quota => quota.FromMonth <= month);

    public long FreeUnitsIn(DateOnly month) => FreeQuotaIn(month)?.Units ?? 0;
}
