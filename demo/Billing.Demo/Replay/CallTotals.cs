namespace Billing.Demo.Replay;

/// <summary>What a user's calls to a service come to. Amounts in nanos, in a type that no sum leaves.</summary>
readonly record struct CallTotals(long Usages, long Quantity, long FreeUnits, Int128 CostNanos, Int128 AmountNanos)
{
    public long PaidUnits => Quantity - FreeUnits;

    public static CallTotals operator +(CallTotals left, CallTotals right) => new(
        left.Usages + right.Usages, left.Quantity + right.Quantity, left.FreeUnits + right.FreeUnits, left.CostNanos + right.CostNanos, left.AmountNanos + right.AmountNanos);
}

/// <summary>Whose calls to what.</summary>
readonly record struct UserService(string User, string Service);
