namespace Billing.Contracts;

/// <summary>
/// The answer to <see cref="GetStatistics"/>, all of it as of one moment. It counts records as they were charged, by when the usage
/// occurred. A reversed usage stays counted; what reversals gave back of it, whenever that was, is told apart.
/// </summary>
public sealed record UsageStatistics
{
    public required string UserId { get; init; }

    /// <summary>One of <see cref="ErrorCodes"/> when the question could not be answered.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    /// <summary>The zone of all days and hours in this answer.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The range that was counted begins here. Absent: with the first record.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The range that was counted ends before this instant. Absent: with the last record.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>By time, then by service; only groups that have usage. Empty when nothing is grouped.</summary>
    public IReadOnlyList<StatisticsGroup> Items { get; init; } = [];

    /// <summary>Over the whole range. Absent when there is no answer.</summary>
    public StatisticsGroup? Total { get; init; }

    public required string Currency { get; init; }

    public required DateTimeOffset AsOf { get; init; }
}
