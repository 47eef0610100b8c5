namespace Billing.Service.Charging;

/// <summary>What one usage cost and who paid it: its own debit entry, never changed.</summary>
public sealed record BillingRecord
{
    public required Guid UsageId { get; init; }

    /// <summary>The day of the partition that holds the record: see <see cref="UsageIdentity"/>.</summary>
    public required DateOnly Day { get; init; }

    public required long AccountId { get; init; }

    /// <summary>The account's running number at this record.</summary>
    public required long EntryNumber { get; init; }

    public required int ServiceId { get; init; }
    public required long Quantity { get; init; }
    public required long FreeUnits { get; init; }

    /// <summary>What the whole quantity cost, free units included.</summary>
    public required Money Cost { get; init; }

    /// <summary>What the balance paid.</summary>
    public required Money Amount { get; init; }

    /// <summary>The version of the catalogue's price, or 0 when the gateway named the cost.</summary>
    public required int PriceVersion { get; init; }

    public required DateOnly QuotaMonth { get; init; }
    public required Money BalanceAfter { get; init; }
    public required long FreeUnitsAfter { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ChargedAt { get; init; }
    public required long ContentHash { get; init; }

    public long PaidUnits => Quantity - FreeUnits;
}
