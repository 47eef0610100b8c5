namespace Billing.Contracts;

/// <summary>What people did, newest first, a page at a time. Answered by <see cref="OperatorActPage"/>.</summary>
public sealed record ListOperatorActs
{
    /// <summary>Only what was done to this user's account.</summary>
    public string? UserId { get; init; }

    /// <summary>Only what this one did.</summary>
    public string? Actor { get; init; }

    /// <summary>Only what was done at or after this instant.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only what was done before this instant.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Acts on the page, 1 to 500.</summary>
    public long Limit { get; init; } = 50;

    /// <summary><see cref="OperatorActPage.NextCursor"/> of the page before, with the same filters. Absent: the first page.</summary>
    public string? Cursor { get; init; }
}
