namespace Billing.Client.AspNetCore;

sealed class ReporterSink(IUsageReporter reporter) : IUsageSink
{
    public bool TryReport(in MeteredUsage usage) => reporter.TryReport(Report(usage));

    public ValueTask ReportAsync(MeteredUsage usage, CancellationToken cancellationToken) => reporter.ReportAsync(Report(usage), cancellationToken);

    static UsageReport Report(in MeteredUsage usage) => new()
    {
        UsageId = usage.UsageId,
        UserId = usage.UserId,
        Service = usage.Service,
        Quantity = usage.Quantity,
        Cost = usage.Cost,
        OccurredAt = usage.OccurredAt,
        ReservationId = usage.ReservationId,
    };
}
