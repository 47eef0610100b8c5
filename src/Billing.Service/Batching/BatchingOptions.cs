namespace Billing.Service.Batching;

/// <summary>The limits of batching. Bound from the configuration section <c>Batching</c>.</summary>
public sealed class BatchingOptions
{
    public const string Section = "Batching";

    /// <summary>Operations in one transaction of bulk work. More gains little and makes everyone wait longer for the same rows.</summary>
    public int BulkBatchSizeMax { get; set; } = 5_000;

    /// <summary>Operations in one transaction of interactive work, whose callers wait.</summary>
    public int InteractiveBatchSizeMax { get; set; } = 256;

    /// <summary>How long an interactive caller waits for its answer, wherever its work stands.</summary>
    public TimeSpan InteractiveAnswerMax { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>Submissions of either urgency waiting or in work at once; further callers wait for a place.</summary>
    public int SubmissionsMax { get; set; } = 4_096;

    /// <summary>How long bulk work waits for a database that is away before it is given back to whoever delivered it. Far below the broker's consumer timeout.</summary>
    public TimeSpan BulkHoldMax { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The same for interactive work.</summary>
    public TimeSpan InteractiveHoldMax { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long bulk work on an account stands back for interactive work on it.</summary>
    public TimeSpan BulkPatience { get; set; } = TimeSpan.FromMilliseconds(250);
}
