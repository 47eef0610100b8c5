using System.Globalization;
using Billing.Service.Charging;
using Billing.Service.Operators;

namespace Billing.Service.Catalogues;

/// <summary>The one check of the shape of changes, for every door. Whether they are in time is decided later, under the catalogue's lock.</summary>
static class ChangeShape
{
    const long PerUnitsMax = 1_000_000_000;
    const long FreeUnitsMax = 1_000_000_000_000;

    public static Refusal? Check(IncomingService request, out PricedBy pricedBy, out UnitPrice? price)
    {
        (pricedBy, price) = (default, null);
        if (CheckAct(request) is { } wrong) return wrong;
        switch (request.PricedBy)
        {
            case "catalogue":
                pricedBy = PricedBy.Catalogue;
                if (CheckPrice(request.Price?.Amount, request.Price?.PerUnits ?? 1, out var unitPrice) is { } noPrice) return noPrice;
                price = unitPrice;
                break;
            case "gateway":
                pricedBy = PricedBy.Gateway;
                if (request.Price is not null) return new(ErrorCodes.PriceNotAllowed, "A service that the gateway prices has no price here.");
                break;
            default:
                return new(ErrorCodes.InvalidPricedBy, "pricedBy is \"catalogue\" or \"gateway\".");
        }
        return CheckFreeUnits(request.FreeUnits);
    }

    public static Refusal? Check(IncomingPrice request, out UnitPrice price, out DateTimeOffset? from)
    {
        (price, from) = (default, null);
        if (CheckAct(request) is { } wrong) return wrong;
        if (CheckPrice(request.Amount, request.PerUnits, out price) is { } noPrice) return noPrice;
        if (request.EffectiveFrom is not { } text) return null;

        if (Rfc3339.Read(text) is not { } instant)
            return new(ErrorCodes.InvalidEffectiveTime, "effectiveFrom is an RFC 3339 time with its offset, such as \"2026-12-01T00:00:00Z\", or absent.");
        from = EffectiveTimes.CutToMicroseconds(instant);
        return null;
    }

    public static Refusal? Check(IncomingFreeQuota request, out DateOnly? from)
    {
        from = null;
        if (CheckAct(request) is { } wrong) return wrong;
        if (CheckFreeUnits(request.FreeUnits) is { } noUnits) return noUnits;
        if (request.FromMonth is not { } text) return null;

        if (!DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month))
            return new(ErrorCodes.InvalidEffectiveTime, "fromMonth is a month such as \"2027-01\", or absent.");
        from = month;
        return null;
    }

    static Refusal? CheckAct(IIncomingChange request)
    {
        if (request.OperationId == Guid.Empty) return new(ErrorCodes.InvalidOperationId, "operationId is a UUID, not all zero.");
        if (!Name.IsValid(request.Service)) return new(ErrorCodes.InvalidService, $"A service's name is {Name.Rule}.");
        return Signature.Problem(request.Actor, request.Reason);
    }

    static Refusal? CheckPrice(Money? amount, long perUnits, out UnitPrice price)
    {
        price = default;
        if (amount is not { IsNegative: false } given) return new(ErrorCodes.InvalidPrice, "amount is a decimal string of zero or more, such as \"0.15\".");
        if (perUnits is < 1 or > PerUnitsMax) return new(ErrorCodes.InvalidPrice, $"perUnits is a whole number from 1 to {PerUnitsMax}.");
        price = new UnitPrice(given, perUnits);
        return null;
    }

    static Refusal? CheckFreeUnits(long? units) =>
        units is >= 0 and <= FreeUnitsMax ? null : new(ErrorCodes.InvalidFreeUnits, $"freeUnits is a whole number from 0 to {FreeUnitsMax}.");
}
