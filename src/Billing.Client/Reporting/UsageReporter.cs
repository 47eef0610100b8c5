using Billing.Client.Reporting.Doors;
using Billing.Client.Requests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Billing.Client.Reporting;

sealed class UsageReporter(
    IOptions<UsageReporterOptions> options, IUsageDoor door, ServiceClock clock, IEnumerable<IConfirmedUsages> listeners, ReporterMetrics metrics, TimeProvider time, ILogger<UsageReporter> log)
    : IUsageReporter
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    volatile ReporterRun? _run;

    /// <summary>Whether all that was written to the disk is confirmed.</summary>
    public bool IsSent => _run?.IsSent ?? true;

    public bool TryReport(in UsageReport usage)
    {
        UsageRules.Check(usage);
        if (_run is not { } run || !run.Intake.TryTake(Complete(usage)))
        {
            metrics.NoteRefused();
            return false;
        }
        metrics.NoteReported();
        return true;
    }

    public async ValueTask ReportAsync(UsageReport usage, CancellationToken cancellationToken)
    {
        UsageRules.Check(usage);
        var completed = Complete(usage);
        while (true)
        {
            var run = _run ?? throw new InvalidOperationException("The usage reporter is not running.");
            var room = run.Intake.Room;
            if (run.Intake.TryTake(completed))
            {
                metrics.NoteReported();
                if (run.IsJournal) await run.Sync().WaitAsync(cancellationToken);
                return;
            }
            await Task.WhenAny(room, Task.Delay(Pause, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_run is not { } run) return;
        await run.Intake.Written(cancellationToken);
        if (!run.IsSent) await run.Sync().WaitAsync(cancellationToken);
    }

    public async Task Start(CancellationToken cancellationToken) =>
        _run = await ReporterRun.Start(options.Value, door, [.. listeners], metrics, time, log, cancellationToken);

    public async Task Stop(CancellationToken cancellationToken)
    {
        if (_run is not { } run) return;
        // Until all is written it is still there for reports that wait for a place.
        await run.Stop(cancellationToken);
        _run = null;
    }

    /// <summary>With its id and time, which it keeps from here on, whatever happens to it.</summary>
    UsageReport Complete(in UsageReport usage)
    {
        var now = usage is { UsageId: not null, OccurredAt: not null } ? default : clock.Now;
        var occurredAt = (usage.OccurredAt ?? now).UtcTicks;
        return usage with
        {
            UsageId = usage.UsageId ?? UsageIds.Next(now),
            OccurredAt = new DateTimeOffset(occurredAt - occurredAt % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero),
        };
    }
}
