namespace Billing.Contracts;

/// <summary>The answer to <see cref="CountRejectedUsage"/>.</summary>
public sealed record RejectedUsageCounts
{
    /// <summary>One of <see cref="ErrorCodes"/> when the question could not be answered.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    /// <summary>Those reasons that occur, in alphabetical order.</summary>
    public IReadOnlyList<RejectedUsageCount> Items { get; init; } = [];
}
