namespace Billing.Contracts;

/// <summary>The answer to <see cref="ReverseUsage"/>, given after the commit.</summary>
public sealed record UsageReversal
{
    public required Guid UsageId { get; init; }

    /// <summary>Whether the usage is given back, by this request or by an earlier one.</summary>
    public required bool Reversed { get; init; }

    public bool Duplicate { get; init; }

    /// <summary>Why it was refused; one of <see cref="ErrorCodes"/>.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    /// <summary>What went back to the balance.</summary>
    public Money Amount { get; init; }

    /// <summary>What went back to the free quota of the usage's month.</summary>
    public long FreeUnits { get; init; }

    /// <summary>The balance right after the reversal.</summary>
    public Money Balance { get; init; }

    public required string Currency { get; init; }
}
