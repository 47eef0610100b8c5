namespace Billing.Contracts;

/// <summary>The answer to <see cref="ListRejectedUsage"/>: the last rejected first.</summary>
public sealed record RejectedUsagePage
{
    /// <summary>One of <see cref="ErrorCodes"/> when the question could not be answered.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    public IReadOnlyList<RejectedUsageLine> Items { get; init; } = [];

    /// <summary>Asks for the next page. Opaque. Absent on the last page.</summary>
    public string? NextCursor { get; init; }
}
