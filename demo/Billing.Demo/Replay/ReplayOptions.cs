using Billing.Contracts;

namespace Billing.Demo.Replay;

/// <summary>Which recording is replayed, and how.</summary>
sealed record ReplayOptions
{
    public required string File { get; init; }

    /// <summary>How many times faster than recorded; null: as fast as the doors take it.</summary>
    public required double? Speed { get; init; }

    /// <summary>When the last call is said to have happened; null: now, or what an earlier replay on the same data has said.</summary>
    public required DateTimeOffset? Anchor { get; init; }

    public required TokenPrices Prices { get; init; }

    /// <summary>Over how many users a recording without users is spread.</summary>
    public required int Users { get; init; }

    public required int Seed { get; init; }
}

/// <summary>What a million tokens cost.</summary>
sealed record TokenPrices(Money Context, Money Generated);
