namespace Billing.Service.Jobs;

/// <summary>One run of a job.</summary>
sealed record JobRun
{
    public const string Done = "done";
    public const string Failed = "failed";

    /// <summary>The service was told to stop, or the turn was lost.</summary>
    public const string Stopped = "stopped";

    /// <summary>Whoever ran it is gone without a word.</summary>
    public const string BrokenOff = "broken_off";

    public required Guid RunId { get; init; }
    public required string Job { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Absent while it is going on, and of one that was broken off.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Absent while it is going on.</summary>
    public string? Result { get; init; }

    public long Rows { get; init; }
    public string? Detail { get; init; }

    public static JobRun Begun(string job, DateTimeOffset now) => new() { RunId = Guid.CreateVersion7(now), Job = job, StartedAt = now };
}
