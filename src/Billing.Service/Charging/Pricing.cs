namespace Billing.Service.Charging;

/// <summary>What a usage costs in total, and by which version of the price; version 0 when the gateway named the cost.</summary>
public readonly record struct Priced(ServiceOffer Service, Money Cost, int Version);

/// <summary>A service is priced by the catalogue or by the gateway, never by both.</summary>
public static class Pricing
{
    public const int GatewayVersion = 0;

    /// <summary>Null when priced; otherwise why not. Throws <see cref="OverflowException"/> past the limit of <see cref="Money"/>.</summary>
    public static Refusal? Of(Usage usage, DateTimeOffset asOf, Catalogue catalogue, out Priced priced) =>
        Of(usage.Service, usage.Quantity, usage.Cost, asOf, catalogue, out priced);

    public static Refusal? Of(string serviceName, long quantity, Money? cost, DateTimeOffset asOf, Catalogue catalogue, out Priced priced)
    {
        priced = default;
        if (catalogue.Find(serviceName) is not { } service)
            return new(ErrorCodes.UnknownService, $"The catalogue has no service '{serviceName}'.");

        if (service.PricedBy == PricedBy.Gateway)
        {
            if (cost is not { } named) return new(ErrorCodes.CostMissing, $"Service '{serviceName}' is priced by the gateway: send the total cost.");
            priced = new Priced(service, named, GatewayVersion);
            return null;
        }

        if (cost is not null) return new(ErrorCodes.CostNotAllowed, $"Service '{serviceName}' is priced by the catalogue: send no cost.");
        if (service.PriceAt(asOf) is not { } price) return new(ErrorCodes.UnknownService, $"Service '{serviceName}' had no price yet at {asOf:O}.");
        priced = new Priced(service, price.Price.Cost(quantity), price.Version);
        return null;
    }
}
