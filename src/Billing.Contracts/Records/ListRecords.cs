namespace Billing.Contracts;

/// <summary>One user's billing records, newest first, a page at a time. Creates nothing. Answered by <see cref="RecordPage"/>.</summary>
public sealed record ListRecords
{
    public required string UserId { get; init; }

    /// <summary>Only usage that occurred at or after this instant.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only usage that occurred before this instant.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only this service.</summary>
    public string? Service { get; init; }

    /// <summary>Records on the page, 1 to 500.</summary>
    public long Limit { get; init; } = 50;

    /// <summary><see cref="RecordPage.NextCursor"/> of the page before, with the same user, times and service. Absent: the first page.</summary>
    public string? Cursor { get; init; }
}
