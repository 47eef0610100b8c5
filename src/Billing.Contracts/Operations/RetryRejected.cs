namespace Billing.Contracts;

/// <summary>
/// Gives rejected usage to charging once more, oldest first, with its own id, content and time, so that it is charged once whatever
/// happens. Only complete usage, and never what occurred more than 35 days ago. Answered by <see cref="RejectedRetry"/>.
/// </summary>
public sealed record RetryRejected
{
    /// <summary>The operator's id of this retry; a repeat returns the stored result. A repeat of one that died on the way goes on with what is left.</summary>
    public required Guid OperationId { get; init; }

    /// <summary>Only what was rejected with this one of <see cref="ErrorCodes"/>. Absent: with any that a retry may heal.</summary>
    public string? RejectedFor { get; init; }

    /// <summary>Only what was sent with this usage id.</summary>
    public Guid? UsageId { get; init; }

    /// <summary>Only one user's.</summary>
    public string? UserId { get; init; }

    /// <summary>How many at most, 1 to 500.</summary>
    public long Limit { get; init; } = 500;

    /// <summary><see cref="RejectedRetry.NextCursor"/> of the retry before, with the same filters and a new operation id. Absent: from the oldest on.</summary>
    public string? Cursor { get; init; }

    /// <summary>Who did it, 1 to 128 characters.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, 1 to 500 characters.</summary>
    public required string Reason { get; init; }
}
