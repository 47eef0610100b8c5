namespace Billing.Contracts;

/// <summary>One usage that was not charged when it came.</summary>
public sealed record RejectedUsageLine
{
    public required long RejectedId { get; init; }

    /// <summary>As it was sent, which may be no UUID; cut to 128 characters.</summary>
    public required string UsageId { get; init; }

    /// <summary>Absent: none could be read.</summary>
    public string? UserId { get; init; }

    /// <summary>Absent: none could be read.</summary>
    public string? Service { get; init; }

    /// <summary>Absent: none could be read.</summary>
    public long? Quantity { get; init; }

    /// <summary>Absent: none could be read.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>Why it was rejected; one of <see cref="ErrorCodes"/>.</summary>
    public required string Code { get; init; }

    public required string Detail { get; init; }
    public required DateTimeOffset RejectedAt { get; init; }

    /// <summary>When it was last retried. Absent: never.</summary>
    public DateTimeOffset? RetriedAt { get; init; }

    /// <summary>How that ended: "charged", "duplicate" (it was charged before by a redelivery), or why it was rejected again.</summary>
    public string? RetryOutcome { get; init; }

    /// <summary>When a retry settled it: charged, or never to be. Absent: open.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>When a usage of this id was charged, by whichever way and with whichever content. Absent: none is.</summary>
    public DateTimeOffset? ChargedAt { get; init; }
}
