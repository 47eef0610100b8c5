namespace Billing.Benchmarks.Plain;

sealed class PlainRecord
{
    public Guid UsageId { get; set; }
    public DateOnly Day { get; set; }
    public long AccountId { get; set; }
    public long EntryNumber { get; set; }
    public int ServiceId { get; set; }
    public int Quantity { get; set; }
    public int FreeUnits { get; set; }
    public long CostNanos { get; set; }
    public long AmountNanos { get; set; }
    public int PriceVersion { get; set; }
    public DateOnly QuotaMonth { get; set; }
    public long BalanceAfterNanos { get; set; }
    public long FreeUnitsAfter { get; set; }
    public DateTime OccurredAt { get; set; }
    public DateTime ChargedAt { get; set; }
    public long ContentHash { get; set; }
}
