namespace Billing.Client;

/// <summary>
/// Takes usage that has happened off the caller's hands and brings it to the billing service, however long the way there is closed:
/// what it cannot send waits on the local disk. Repeats on the way are harmless, since each usage keeps its id.
/// </summary>
public interface IUsageReporter
{
    /// <summary>Never waits. What "taken" means is <see cref="UsageReporterOptions.Durability"/>.</summary>
    /// <returns>False when it was not taken: the buffer or the disk is full, or the program has stopped.</returns>
    /// <exception cref="InvalidUsageException">It could never be charged.</exception>
    bool TryReport(in UsageReport usage);

    /// <summary>
    /// Waits for a place instead. When it ends with an exception, as by the token, the usage may have been taken: report it again with the
    /// same <see cref="UsageReport.UsageId"/>, or not at all.
    /// With <see cref="UsageDurability.Journal"/> it returns when the usage is on the disk, and not only in the kernel's cache.
    /// </summary>
    /// <exception cref="InvalidUsageException">It could never be charged.</exception>
    /// <exception cref="InvalidOperationException">The reporter has not started yet, or has stopped.</exception>
    ValueTask ReportAsync(UsageReport usage, CancellationToken cancellationToken = default);

    /// <summary>Returns when everything reported so far is confirmed, or on the disk from where it will be sent.</summary>
    Task FlushAsync(CancellationToken cancellationToken = default);
}
