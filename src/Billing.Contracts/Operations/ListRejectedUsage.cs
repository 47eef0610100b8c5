namespace Billing.Contracts;

/// <summary>Usage that was not charged, with the reason, newest first, a page at a time. Answered by <see cref="RejectedUsagePage"/>.</summary>
public sealed record ListRejectedUsage
{
    /// <summary>Only what was rejected with this one of <see cref="ErrorCodes"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>Only one user's.</summary>
    public string? UserId { get; init; }

    /// <summary>True: only what a retry has settled. False: only what none has. Absent: both.</summary>
    public bool? Resolved { get; init; }

    /// <summary>Only what was rejected at or after this instant.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only what was rejected before this instant.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Items on the page, 1 to 500.</summary>
    public long Limit { get; init; } = 50;

    /// <summary><see cref="RejectedUsagePage.NextCursor"/> of the page before, with the same filters. Absent: the first page.</summary>
    public string? Cursor { get; init; }
}
