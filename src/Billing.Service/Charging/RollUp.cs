namespace Billing.Service.Charging;

/// <summary>Sums of one bucket, or what a batch adds to them.</summary>
public sealed record RollUp(RollUpKey Key, RollUpSums Sums);

public readonly record struct RollUpKey(long AccountId, DateTimeOffset Bucket, int ServiceId) : IComparable<RollUpKey>
{
    public int CompareTo(RollUpKey other) => (AccountId, Bucket, ServiceId).CompareTo((other.AccountId, other.Bucket, other.ServiceId));
}

/// <summary>Money in 128 bits: charging must not fail because amounts that each fit into 64 no longer do when added.</summary>
public readonly record struct RollUpSums(
    long Usages, long Units, long FreeUnits, Int128 CostNanos, Int128 AmountNanos, long ReversedUsages, Int128 ReversedNanos)
{
    public static RollUpSums Of(BillingRecord record) =>
        new(1, record.Quantity, record.FreeUnits, record.Cost.Nanos, record.Amount.Nanos, ReversedUsages: 0, ReversedNanos: 0);

    public static RollUpSums GivenBack(BillingRecord record) => default(RollUpSums) with { ReversedUsages = 1, ReversedNanos = record.Amount.Nanos };

    public static RollUpSums operator +(RollUpSums left, RollUpSums right) => new(
        left.Usages + right.Usages, left.Units + right.Units, left.FreeUnits + right.FreeUnits, left.CostNanos + right.CostNanos,
        left.AmountNanos + right.AmountNanos, left.ReversedUsages + right.ReversedUsages, left.ReversedNanos + right.ReversedNanos);
}
