namespace Billing.Service.Charging;

/// <summary>The money of an account. A hold is no ledger entry: it only makes less of the balance available.</summary>
public readonly record struct AccountFunds(Money Balance, Money Held, Money OverdraftLimit)
{
    public Money Available => Balance - Held + OverdraftLimit;

    public bool Cover(Money amount) => amount == Money.Zero || amount <= Available;
}
