namespace Billing.Contracts;

/// <summary>The answer to <see cref="AdjustBalance"/>, given after the commit.</summary>
public sealed record BalanceAdjustment
{
    public required Guid AdjustmentId { get; init; }

    /// <summary>Whether the adjustment stands in the ledger, by this request or by an earlier one with the same id.</summary>
    public required bool Applied { get; init; }

    public bool Duplicate { get; init; }

    /// <summary>Why it was refused; one of <see cref="ErrorCodes"/>.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    public Money Amount { get; init; }

    /// <summary>The balance right after the adjustment.</summary>
    public Money Balance { get; init; }

    public required string Currency { get; init; }
}
