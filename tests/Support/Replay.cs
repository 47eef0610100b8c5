using System.Numerics;

namespace Billing.TestSupport;

/// <summary>One user's money and free units, added up again in the order of the account's running numbers.</summary>
sealed class Replay
{
    readonly Dictionary<(string Service, DateOnly Month), long> _used = [];
    readonly Dictionary<Guid, (long FreeUnits, BigInteger Amount)> _charges = [];

    public BigInteger Balance { get; private set; }

    /// <summary>Those of which something was ever used.</summary>
    public IEnumerable<(string Service, DateOnly Month)> FreeQuotas => _used.Keys;

    public (long FreeUnits, BigInteger Amount) Charge(TestUsage usage)
    {
        var offer = TestCatalogue.Of(usage.Service);
        var free = Math.Min(usage.Quantity, offer.FreeUnits - FreeUnitsUsed(usage.Service, MonthOf(usage)));
        var cost = offer.AmountNanos is { } price ? Divide((BigInteger)price * usage.Quantity, offer.PerUnits) : usage.Cost!.Value.Nanos;
        var amount = Divide(cost * (usage.Quantity - free), usage.Quantity);

        Balance -= amount;
        if (free > 0) _used[(usage.Service, MonthOf(usage))] = FreeUnitsUsed(usage.Service, MonthOf(usage)) + free;
        _charges[usage.UsageId] = (free, amount);
        return (free, amount);
    }

    public BigInteger Reverse(TestUsage usage)
    {
        var (free, amount) = _charges[usage.UsageId];
        if (free > 0) _used[(usage.Service, MonthOf(usage))] -= free;
        Balance += amount;
        return amount;
    }

    public BigInteger Enter(Money amount)
    {
        Balance += amount.Nanos;
        return amount.Nanos;
    }

    public long FreeUnitsUsed(string service, DateOnly month) => _used.GetValueOrDefault((service, month));

    // The tests bill by the months of UTC.
    static DateOnly MonthOf(TestUsage usage) => new(usage.OccurredAt.UtcDateTime.Year, usage.OccurredAt.UtcDateTime.Month, 1);

    static BigInteger Divide(BigInteger amount, BigInteger by)
    {
        var whole = BigInteger.DivRem(amount, by, out var rest);
        return rest * 2 >= by ? whole + 1 : whole;
    }
}
