namespace Billing.Service.Charging;

/// <summary>Every movement of a balance other than a usage. Never changed: a correction is another entry.</summary>
public sealed record LedgerEntry
{
    public required long AccountId { get; init; }

    /// <summary>The account's running number at this entry.</summary>
    public required long EntryNumber { get; init; }

    public required EntryKind Kind { get; init; }

    /// <summary>The caller's id of the operation; for a reversal the usage id, for a refund derived from recharge and refund id. Unique for each kind.</summary>
    public required Guid OperationId { get; init; }

    /// <summary>Added to the balance.</summary>
    public required Money Amount { get; init; }

    public required Money BalanceAfter { get; init; }
    public required DateTimeOffset EnteredAt { get; init; }

    /// <summary>The recharge that a credit or a refund belongs to; other entries have none.</summary>
    public Guid? RechargeId { get; init; }

    /// <summary>A refund's id at the payment service.</summary>
    public string? RefundId { get; init; }

    /// <summary>Who did it; absent for what the service does by itself.</summary>
    public string? Actor { get; init; }

    public string? Reason { get; init; }
}

/// <summary>Stored by number: a number never changes its meaning.</summary>
public enum EntryKind
{
    /// <summary>A recharge that was paid.</summary>
    Credit = 1,

    /// <summary>Money of a recharge that went back to the payer.</summary>
    Refund = 2,

    /// <summary>A usage undone: money and free units went back to exactly where they came from.</summary>
    Reversal = 3,

    /// <summary>An operator's correction.</summary>
    Adjustment = 4,
}
