namespace Billing.Contracts;

/// <summary>Sums over the records of one group. What was really paid in the end is <see cref="Amount"/> - <see cref="ReversedAmount"/>.</summary>
public sealed record StatisticsGroup
{
    /// <summary>Absent when not grouped by service.</summary>
    public string? Service { get; init; }

    /// <summary>Where the day or hour begins, or the range if that begins inside of it. Absent when not grouped by time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Where the day or hour ends, or the range if that ends inside of it. Absent when not grouped by time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Records; those reversed since are among them.</summary>
    public required long Usages { get; init; }

    public required long Units { get; init; }

    /// <summary>Units paid by free quota.</summary>
    public required long FreeUnits { get; init; }

    /// <summary>Units paid by the balance.</summary>
    public required long PaidUnits { get; init; }

    /// <summary>What all units cost, free units included.</summary>
    public required Money Cost { get; init; }

    /// <summary>What the balance paid.</summary>
    public required Money Amount { get; init; }

    /// <summary>How many of the records a reversal has given back since.</summary>
    public required long ReversedUsages { get; init; }

    /// <summary>How much of the amount went back to the balance by that.</summary>
    public required Money ReversedAmount { get; init; }
}
