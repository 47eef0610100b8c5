using Billing.Client;
using Microsoft.Extensions.Hosting;

namespace Billing.FaultTests.Gateway;

/// <summary>Calls let through, some every few milliseconds, until the process is told to stop or killed.</summary>
sealed class Calls(IUsageReporter reporter, Notebook notebook, TimeProvider time) : BackgroundService
{
    const int AtOnce = 20;
    const int Users = 40;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var number = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var now = time.GetUtcNow();
            now = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
            var usages = Enumerable.Range(0, AtOnce).Select(_ => new UsageReport
            {
                UsageId = Guid.CreateVersion7(now), UserId = $"user-{number++ % Users:00}", Service = number % 2 == 0 ? "search" : "ocr", Quantity = 1 + number % 5, OccurredAt = now,
            }).ToList();

            notebook.NoteSending(usages);
            // The moment before the report: what is lost must be younger than this says.
            var before = time.GetUtcNow();
            notebook.NoteTaken([.. usages.Where(usage => reporter.TryReport(usage)).Select(usage => usage.UsageId!.Value)], before);
            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
