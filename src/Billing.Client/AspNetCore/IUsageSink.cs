namespace Billing.Client.AspNetCore;

/// <summary>Where metered calls are reported to.</summary>
interface IUsageSink
{
    /// <summary>Never waits; false when there is no room.</summary>
    bool TryReport(in MeteredUsage usage);

    /// <summary>Waits for room.</summary>
    ValueTask ReportAsync(MeteredUsage usage, CancellationToken cancellationToken);
}
