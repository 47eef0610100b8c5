namespace Billing.Contracts;

/// <summary>One movement of a balance other than a usage. Never changes.</summary>
public sealed record LedgerLine
{
    /// <summary>"credit", "refund", "reversal" or "adjustment".</summary>
    public required string Kind { get; init; }

    /// <summary>The caller's id: of the recharge, the refund, the reversed usage or the adjustment.</summary>
    public required Guid OperationId { get; init; }

    /// <summary>Added to the balance; negative took away.</summary>
    public required Money Amount { get; init; }

    /// <summary>The balance right after the entry.</summary>
    public required Money BalanceAfter { get; init; }

    public required DateTimeOffset EnteredAt { get; init; }

    /// <summary>Who did it. Absent for what the service does by itself.</summary>
    public string? Actor { get; init; }

    /// <summary>Why. Absent for what the service does by itself.</summary>
    public string? Reason { get; init; }
}
