namespace Billing.Service.Jobs;

/// <summary>A job as operators see it.</summary>
sealed record JobView
{
    public required string Name { get; init; }
    public required string Does { get; init; }
    public required string When { get; init; }

    /// <summary>Whether each instance runs it for itself: then the last run is the one of the instance that answers.</summary>
    public required bool OnEachInstance { get; init; }

    public required bool Running { get; init; }

    /// <summary>Absent when it never ran.</summary>
    public JobRun? Last { get; init; }

    public IReadOnlyList<JobRun>? Runs { get; init; }
}
