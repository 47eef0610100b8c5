namespace Billing.Service.Charging;

/// <summary>The money of an account. A hold is no ledger entry: it only makes less of the balance available.</summary>
public readonly record struct AccountFunds(Money Balance, Money Held, Money OverdraftLimit)
{
    /// <summary>Summed in 128 bits and cut at the ends of <see cref="Money"/>, which no amount is beyond: a full account can still pay.</summary>
    public Money Available
    {
        get
        {
            var available = (Int128)Balance.Nanos - Held.Nanos + OverdraftLimit.Nanos;
            return new Money((long)Int128.Clamp(available, long.MinValue, long.MaxValue));
        }
    }

    public bool Cover(Money amount) => amount == Money.Zero || amount <= Available;
}
