namespace Billing.Contracts;

/// <summary>What one usage cost and who paid. Never changes, but for <see cref="Reversed"/>.</summary>
public sealed record RecordLine
{
    public required Guid UsageId { get; init; }

    public required string Service { get; init; }

    public required long Quantity { get; init; }

    /// <summary>Units paid by the month's free quota.</summary>
    public required long FreeUnits { get; init; }

    /// <summary>Units paid by the balance.</summary>
    public required long PaidUnits { get; init; }

    /// <summary>What the whole quantity cost, free units included.</summary>
    public required Money Cost { get; init; }

    /// <summary>What the balance paid.</summary>
    public required Money Amount { get; init; }

    /// <summary>The version of the catalogue's price, or 0 when the gateway named the cost.</summary>
    public required long PriceVersion { get; init; }

    /// <summary>The month of the free quota, such as "2026-11", in the billing time zone.</summary>
    public required string QuotaMonth { get; init; }

    /// <summary>The balance right after the charge; usage is charged in the order in which it came, not in which it occurred.</summary>
    public required Money BalanceAfter { get; init; }

    /// <summary>Free units of this service and month left right after the charge.</summary>
    public required long FreeUnitsAfter { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required DateTimeOffset ChargedAt { get; init; }

    /// <summary>Whether a reversal has given it back since: units and money went where they came from, by a ledger entry of its own.</summary>
    public required bool Reversed { get; init; }
}
