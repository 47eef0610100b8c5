namespace Billing.Benchmarks.Compare;

/// <summary>What one round of one contender gave. What it cannot tell is absent.</summary>
sealed record Measured
{
    /// <summary>Of what the contender counts: usages, requests, answers. Absent where something else is measured.</summary>
    public double? PerSecond { get; init; }

    /// <summary>As the gateway sees it: of a call to its answer, of a publish to its confirm.</summary>
    public Percentiles? Latency { get; init; }

    /// <summary>From the publish to the commit.</summary>
    public Percentiles? ToCommit { get; init; }

    public Costs? Costs { get; init; }

    /// <summary>Of the database, for 1,000 of what is counted.</summary>
    public double? RoundTrips { get; init; }

    public Verdict? Verdict { get; init; }

    /// <summary>What else is worth a line under the table.</summary>
    public string? Note { get; init; }
}

sealed record Percentiles(double P50Ms, double P99Ms)
{
    public static Percentiles? Of(IReadOnlyCollection<double> milliseconds)
    {
        if (milliseconds.Count == 0) return null;
        var sorted = milliseconds.Order().ToArray();
        return new Percentiles(sorted[sorted.Length / 2], sorted[(int)((sorted.Length - 1) * 0.99)]);
    }
}

/// <summary>Seconds of processor time for 1,000 of what is counted. A server that is not ours to look at has none.</summary>
sealed record Costs(double? Service, double? Postgres, double? RabbitMq, double LoadGenerator);

/// <summary>Whether the money is right after a round.</summary>
sealed record Verdict(bool IsRight, string Says);
