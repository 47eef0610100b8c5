namespace Billing.Benchmarks.Compare;

/// <summary>What comes in over the broker.</summary>
sealed record LoadShape
{
    public const int BatchOfSdk = 500;

    /// <summary>A pace at which the first usage is never due.</summary>
    public const double Nothing = 0;

    /// <summary>Usages in one message; 0 for <c>UsageOccurred</c>, one usage each without a list around it.</summary>
    public int BatchSize { get; init; } = BatchOfSdk;

    public bool TimeOrderedIds { get; init; } = true;
    public int Users { get; init; } = Stage.UsersOfYardstick;

    /// <summary>The share of usages that were sent before.</summary>
    public double Duplicates { get; init; }

    /// <summary>Usages a second; null for more than is taken.</summary>
    public double? Pace { get; init; }

    /// <summary>Processes of the service on each queue.</summary>
    public int Services { get; init; } = 1;

    /// <summary>Queues that the users are split among, each user's usage in one of them.</summary>
    public int Queues { get; init; } = 1;

    /// <summary>How many records are there before.</summary>
    public int Records { get; init; }

    /// <summary>How many usage ids without a time are there before.</summary>
    public int Identities { get; init; }

    public bool IsSingle => BatchSize == 0;
    public int UsagesInMessage => Math.Max(1, BatchSize);
}
