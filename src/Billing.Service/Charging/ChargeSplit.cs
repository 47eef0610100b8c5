namespace Billing.Service.Charging;

/// <summary>Who pays one usage: the month's free quota first, the balance for the rest.</summary>
public readonly record struct ChargeSplit(long FreeUnits, long PaidUnits, Money Amount)
{
    /// <summary>Of a total cost C for q units of which p are paid, the balance pays C x p / q, rounded half up to one nano, once.</summary>
    public static ChargeSplit Of(long quantity, Money cost, long freeUnitsLeft)
    {
        var freeUnits = Math.Min(quantity, freeUnitsLeft);
        var paidUnits = quantity - freeUnits;
        return new ChargeSplit(freeUnits, paidUnits, Share.OfAmount(cost, paidUnits, quantity));
    }
}
