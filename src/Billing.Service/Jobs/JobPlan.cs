namespace Billing.Service.Jobs;

/// <summary>A job, and when it runs: in intervals that begin at the same moments on every instance, or by a cron expression; or by hand alone.</summary>
sealed record JobPlan
{
    public required string Name { get; init; }

    /// <summary>What it does, in a sentence for operators.</summary>
    public required string Does { get; init; }

    public TimeSpan? Every { get; init; }

    /// <summary>A cron expression of Quartz, in the machine's time.</summary>
    public string? At { get; init; }

    /// <summary>It looks after what this process has in memory: no other can do it instead.</summary>
    public bool OnEachInstance { get; init; }

    public required Func<IServiceProvider, IBillingJob> Make { get; init; }

    public string When => Every is { } interval ? $"every {interval:c}" : string.IsNullOrEmpty(At) ? "by hand" : At;
}
