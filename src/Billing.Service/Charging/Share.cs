namespace Billing.Service.Charging;

/// <summary>The one place where money is divided.</summary>
public static class Share
{
    /// <summary>amount x part / whole in 128 bits, rounded half up to one nano. The amount is not negative.</summary>
    public static Money OfAmount(Money amount, long part, long whole)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount.Nanos);
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(whole);

        var roundedHalfUp = ((Int128)amount.Nanos * part * 2 + whole) / ((Int128)whole * 2);
        return new Money((long)roundedHalfUp);
    }
}
