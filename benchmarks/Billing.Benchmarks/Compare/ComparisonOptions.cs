namespace Billing.Benchmarks.Compare;

sealed record ComparisonOptions
{
    /// <summary>How long each measurement runs, after its warm-up.</summary>
    public required TimeSpan Duration { get; init; }

    public required int Rounds { get; init; }
    public required int Seed { get; init; }
    public required FileInfo? Json { get; init; }

    /// <summary>The parts to run; empty for all.</summary>
    public required IReadOnlyList<string> Only { get; init; }

    /// <summary>Only contenders with one of these in their name, and what they are compared with; empty for all.</summary>
    public required IReadOnlyList<string> Like { get; init; }

    /// <summary>How many records are there already where that is measured.</summary>
    public required int Records { get; init; }

    /// <summary>How many usage ids without a time are there already where that is measured.</summary>
    public required int Identities { get; init; }

    /// <summary>For how long the memory is watched.</summary>
    public required TimeSpan MemoryFor { get; init; }

    /// <summary>Code runs slowly at first, and a queue has to fill.</summary>
    public TimeSpan WarmUp => Duration < WarmUpMax ? Duration : WarmUpMax;

    static readonly TimeSpan WarmUpMax = TimeSpan.FromSeconds(10);
}
