namespace Billing.Contracts;

/// <summary>What one user's usage of a time adds up to. Creates nothing. Answered by <see cref="UsageStatistics"/>.</summary>
public sealed record GetStatistics
{
    public required string UserId { get; init; }

    /// <summary>"today", "this_month" or "all_time". Absent: what <see cref="From"/> and <see cref="To"/> say.</summary>
    public string? Period { get; init; }

    /// <summary>Usage that occurred at or after this instant. Absent: from the first on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Usage that occurred before this instant. Absent: up to the last.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only this service.</summary>
    public string? Service { get; init; }

    /// <summary>"service", and one of "day" and "hour"; none: only the total.</summary>
    public IReadOnlyList<string> GroupBy { get; init; } = [];

    /// <summary>IANA name of the zone whose days, hours and months are meant, such as "Asia/Kathmandu". Absent: the billing time zone.</summary>
    public string? TimeZone { get; init; }
}
