namespace Billing.Contracts;

/// <summary>The answer to <see cref="DeductQuota"/>, given after the commit.</summary>
public sealed record QuotaDeduction
{
    public required Guid UsageId { get; init; }

    /// <summary>Whether the usage is charged, by this request or by an earlier one with the same id and content.</summary>
    public required bool Charged { get; init; }

    /// <summary>True when an earlier delivery had charged it; the amounts are those of that charge.</summary>
    public bool Duplicate { get; init; }

    /// <summary>Why it was refused; one of <see cref="ErrorCodes"/>. Absent when charged.</summary>
    public string? Code { get; init; }

    /// <summary>What was wrong and what would be right. Absent when charged.</summary>
    public string? Detail { get; init; }

    /// <summary>Units paid by the month's free quota.</summary>
    public long FreeUnits { get; init; }

    /// <summary>Units paid by the balance.</summary>
    public long PaidUnits { get; init; }

    /// <summary>What the balance paid.</summary>
    public Money Amount { get; init; }

    /// <summary>The balance right after the charge.</summary>
    public Money Balance { get; init; }

    /// <summary>Free units of this service left right after the charge.</summary>
    public long FreeUnitsLeft { get; init; }

    public required string Currency { get; init; }
}
