namespace Billing.Contracts;

/// <summary>Entries of the cache differed from the database. Told once for each cause, and again only after a comparison of all entries found none.</summary>
public sealed record DriftFound
{
    /// <summary>What kind of difference: "lost_write", "corruption" or "unreadable".</summary>
    public required string Cause { get; init; }

    /// <summary>How many entries of this cause one comparison found. They were removed, so that the next check reads the database.</summary>
    public required long Entries { get; init; }

    /// <summary>Whose entry one of them was.</summary>
    public required string UserId { get; init; }

    /// <summary>What was different in it.</summary>
    public required string Detail { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}
