namespace Billing.Contracts;

/// <summary>The answer to <see cref="RetryRejected"/>, given after the last commit.</summary>
public sealed record RejectedRetry
{
    public required Guid OperationId { get; init; }

    /// <summary>Whether the retry came to its end, by this request or by an earlier one with the same id.</summary>
    public required bool Done { get; init; }

    /// <summary>The numbers are those of an earlier request with the same id.</summary>
    public bool Duplicate { get; init; }

    /// <summary>Why it was refused, or why the one usage that it named was rejected again; one of <see cref="ErrorCodes"/>.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    public long Tried { get; init; }
    public long Charged { get; init; }

    /// <summary>Charged already, by a redelivery or another retry.</summary>
    public long Duplicates { get; init; }

    public long RejectedAgain { get; init; }

    /// <summary>For what, such as "usage_too_old".</summary>
    public IReadOnlyList<RejectedAgain> RejectedAgainFor { get; init; } = [];

    /// <summary>Whether more of what was asked for is left, newer than what was tried.</summary>
    public bool MoreToTry { get; init; }

    /// <summary>Goes on with it, under a new operation id. Absent: nothing is left.</summary>
    public string? NextCursor { get; init; }
}
