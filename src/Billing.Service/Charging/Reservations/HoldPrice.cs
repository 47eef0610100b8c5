namespace Billing.Service.Charging.Reservations;

/// <summary>
/// What must be set aside for the paid units of a reservation, so that its usage can never cost more: at the dearest price that is
/// in force while it is handed out, each unit rounded up to a whole nano, since each usage is rounded by itself.
/// </summary>
public readonly record struct HoldPrice(ServiceOffer Service, Money UnitHold, Money Cost)
{
    /// <summary>Null when priced; otherwise why not. Throws <see cref="OverflowException"/> past the limit of <see cref="Money"/>.</summary>
    public static Refusal? Of(string service, long quantity, Money? cost, DateTimeOffset now, DateTimeOffset grantUntil, Catalogue catalogue, out HoldPrice price)
    {
        price = default;
        if (Pricing.Of(service, Math.Max(1, quantity), cost, now, catalogue, out var priced) is { } refusal) return refusal;

        price = priced.Service.PricedBy == PricedBy.Gateway
            ? new HoldPrice(priced.Service, Money.Zero, priced.Cost)
            : new HoldPrice(priced.Service, DearestUnit(priced.Service, now, grantUntil), Money.Zero);
        return null;
    }

    /// <summary>For so many of a quantity's units.</summary>
    public Money For(long paidUnits, long quantity) => Service.PricedBy == PricedBy.Gateway
        ? quantity == 0 ? Cost : Share.OfAmount(Cost, paidUnits, quantity)
        : new Money(checked(UnitHold.Nanos * paidUnits));

    /// <summary>How many of a quantity's units could be set aside with these free units and this money, paid units last.</summary>
    public long Affordable(long quantity, long freeUnitsLeft, Money available)
    {
        var paidUnits = quantity - Math.Min(quantity, freeUnitsLeft);
        var (money, units) = Service.PricedBy == PricedBy.Gateway ? (Cost.Nanos, Math.Max(1, quantity)) : (UnitHold.Nanos, 1);
        var payable = money == 0 ? paidUnits : available.IsNegative ? 0 : (long)Int128.Min(paidUnits, (Int128)available.Nanos * units / money);
        return quantity - paidUnits + payable;
    }

    static Money DearestUnit(ServiceOffer service, DateTimeOffset now, DateTimeOffset grantUntil)
    {
        var dearest = UnitRoundedUp(service.PriceAt(now)!.Price);
        foreach (var version in service.Prices)
        {
            if (version.From > now && version.From <= grantUntil && UnitRoundedUp(version.Price) is var unit && unit > dearest) dearest = unit;
        }
        return dearest;
    }

    static Money UnitRoundedUp(UnitPrice price) => new(price.Amount.Nanos / price.PerUnits + (price.Amount.Nanos % price.PerUnits == 0 ? 0 : 1));
}
