namespace Billing.Service.Charging;

/// <summary>An amount per a number of units, such as 0.15 per 1,000.</summary>
public readonly record struct UnitPrice(Money Amount, long PerUnits)
{
    /// <summary>The cost of a quantity, rounded half up to one nano. Throws <see cref="OverflowException"/> past the limit of <see cref="Money"/>.</summary>
    public Money Cost(long quantity) => Share.OfAmount(Amount, quantity, PerUnits);
}
