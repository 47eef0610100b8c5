namespace Billing.Service.Charging.Reservations;

/// <summary>
/// Who pays a usage that names a reservation: the free units held, then the money held, and whatever those do not cover as any
/// usage is paid, the free quota first and then the balance.
/// </summary>
public readonly record struct Settlement(long FreeUnitsHeld, long FreeUnitsMore, Money Amount, Money AmountHeld)
{
    public long FreeUnits => FreeUnitsHeld + FreeUnitsMore;

    public static Settlement Of(long quantity, Money cost, Hold held, long freeUnitsLeft)
    {
        var freeUnitsHeld = Math.Min(quantity, held.FreeUnits);
        var paidUnits = quantity - freeUnitsHeld;
        var amount = Share.OfAmount(cost, paidUnits, quantity);
        if (amount <= held.Amount) return new Settlement(freeUnitsHeld, 0, amount, amount);

        var unitsThatHeldMoneyPays = (long)((Int128)held.Amount.Nanos * quantity / cost.Nanos);
        var freeUnitsMore = Math.Min(paidUnits - Math.Min(paidUnits, unitsThatHeldMoneyPays), freeUnitsLeft);
        amount = Share.OfAmount(cost, paidUnits - freeUnitsMore, quantity);
        return new Settlement(freeUnitsHeld, freeUnitsMore, amount, amount < held.Amount ? amount : held.Amount);
    }
}
