namespace Billing.Contracts;

/// <summary>
/// One user's ledger entries, newest first, a page at a time: every movement of the balance that is no usage. Creates nothing.
/// Answered by <see cref="LedgerPage"/>.
/// </summary>
public sealed record ListLedger
{
    public required string UserId { get; init; }

    /// <summary>Only what was entered at or after this instant.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only what was entered before this instant.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Entries on the page, 1 to 500.</summary>
    public long Limit { get; init; } = 50;

    /// <summary><see cref="LedgerPage.NextCursor"/> of the page before, with the same user and times. Absent: the first page.</summary>
    public string? Cursor { get; init; }
}
