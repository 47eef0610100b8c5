namespace Billing.FaultTests.Harness;

/// <summary>What became of everything that was confirmed.</summary>
sealed record Verdict
{
    public required int Confirmed { get; init; }

    /// <summary>Confirmed and charged.</summary>
    public required int Applied { get; init; }

    /// <summary>Confirmed, and kept with a reason instead.</summary>
    public required int Rejected { get; init; }

    /// <summary>Confirmed, and in neither.</summary>
    public required int Lost { get; init; }

    /// <summary>Charged more than once, or charged and rejected.</summary>
    public required int Duplicated { get; init; }

    /// <summary>Still in the queues.</summary>
    public required long Stuck { get; init; }

    /// <summary>In the queues for what failed.</summary>
    public required long Errors { get; init; }

    /// <summary>Entries of the cache that are not as the database has it, a minute after all was quiet.</summary>
    public required int CacheDiffers { get; init; }

    /// <summary>Everything else that is not as it must be, in words.</summary>
    public required IReadOnlyList<string> Wrong { get; init; }

    // A run in which nothing was charged shows nothing.
    public bool Holds => Applied > 0 && (Lost, Duplicated, Stuck, CacheDiffers, Errors, Wrong.Count) == (0, 0, 0, 0, 0, 0);

    public override string ToString() =>
        $"confirmed={Confirmed} applied={Applied} rejected={Rejected} lost={Lost} dup={Duplicated} stuck={Stuck} cache_diff={CacheDiffers} errors={Errors} wrong={Wrong.Count}";
}
