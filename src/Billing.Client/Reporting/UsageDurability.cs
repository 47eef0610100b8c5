namespace Billing.Client;

/// <summary>What is safe once a report has been taken.</summary>
public enum UsageDurability
{
    /// <summary>It is in memory, and in a file within <see cref="UsageReporterOptions.FlushInterval"/>: dying at once loses what came since.</summary>
    Buffer,

    /// <summary>It is in a file before the report returns: a process that is killed loses nothing. See <see cref="UsageReporterOptions.SyncInterval"/> for power failures.</summary>
    Journal,
}
