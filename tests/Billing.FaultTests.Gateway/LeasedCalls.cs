using Billing.Client;
using Microsoft.Extensions.Hosting;

namespace Billing.FaultTests.Gateway;

/// <summary>Calls of one user that leases answer for, as many as its funds pay for, until the process is told to stop or killed.</summary>
sealed class LeasedCalls(IQuotaGate gate, IUsageReporter reporter, Notebook notebook, string user, TimeProvider time) : BackgroundService
{
    const string Service = "search";
    const int Callers = 5;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan PauseAfterNo = TimeSpan.FromMilliseconds(200);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => Call(stoppingToken), CancellationToken.None)));

    async Task Call(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var grant = await gate.AcquireAsync(user, Service, cancellationToken: CancellationToken.None);
            if (grant.Allowed) await Make(grant);
            await Task.Delay(grant.Allowed ? Pause : PauseAfterNo, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task Make(QuotaGrant grant)
    {
        var now = time.GetUtcNow();
        now = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        var usage = new UsageReport { UsageId = Guid.CreateVersion7(now), UserId = user, Service = Service, Quantity = 1, OccurredAt = now, ReservationId = grant.ReservationId };
        notebook.NoteSending([usage]);
        await reporter.ReportAsync(usage);
        notebook.NoteTaken([usage.UsageId!.Value], now);
        grant.Complete(1);
    }
}
