using Billing.Client.Reporting.Doors;
using Billing.Client.Reporting.Intake;
using Billing.Client.Reporting.Spooling;
using Microsoft.Extensions.Logging;

namespace Billing.Client.Reporting;

/// <summary>The parts of a reporter between its start and its stop.</summary>
sealed class ReporterRun
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    readonly CancellationTokenSource _stop = new();
    readonly SpoolFolder _folder;
    readonly Spool _spool;
    readonly IUsageDoor _door;
    readonly UsageSender _sender;
    readonly GroupSync _sync;
    readonly Task _work;

    ReporterRun(SpoolFolder folder, UsageReporterOptions options, IUsageDoor door, IReadOnlyList<IConfirmedUsages> listeners, ReporterMetrics metrics, TimeProvider time, ILogger<UsageReporter> log)
    {
        (_folder, _door) = (folder, door);
        _spool = new Spool(folder.Path, SpoolLimits.Of(options), time, log);
        _sync = new GroupSync(_spool);
        _sender = new UsageSender(_spool, door, new DoorWatch(time, log), metrics, listeners, options.InFlightMax, time, log);
        IsJournal = options.Durability == UsageDurability.Journal;
        Intake = IsJournal ? new JournalIntake(_spool, new DiskWatch(log)) : new BufferedIntake(_spool, _sender, options, new DiskWatch(log), time);
        (metrics.SpooledBytes, metrics.OldestAge) = (() => _spool.Bytes, () => _sender.OldestAge);
        _work = Task.WhenAll(Task.Run(() => _sender.Run(_stop.Token)), options.SyncInterval is { } interval ? SyncEach(interval, time, log) : Task.CompletedTask);
    }

    public IIntake Intake { get; }

    public bool IsJournal { get; }

    /// <summary>Whether all that was written is confirmed.</summary>
    public bool IsSent => _spool.IsEmpty;

    public static async Task<ReporterRun> Start(
        UsageReporterOptions options, IUsageDoor door, IReadOnlyList<IConfirmedUsages> listeners, ReporterMetrics metrics, TimeProvider time, ILogger<UsageReporter> log, CancellationToken cancellationToken)
    {
        var folder = await SpoolFolder.Claim(options.Directory!, time, cancellationToken);
        try
        {
            return new ReporterRun(folder, options, door, listeners, metrics, time, log);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public Task Sync() => _sync.Sync();

    /// <summary>Sends what it can while the caller has patience and the door is open. The rest stays on the disk.</summary>
    public async Task Stop(CancellationToken cancellationToken)
    {
        await Intake.Close(cancellationToken);
        while (!IsSent && !_sender.IsAway && !cancellationToken.IsCancellationRequested) await Task.Delay(Look, CancellationToken.None);
        await _stop.CancelAsync();
        await _work;
        await _door.DisposeAsync();
        _spool.Dispose();
        (Intake as IDisposable)?.Dispose();
        _folder.Dispose();
        _stop.Dispose();
    }

    async Task SyncEach(TimeSpan interval, TimeProvider time, ILogger log)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    await Sync();
                }
                catch (IOException exception)
                {
                    log.LogError(exception, "Usage cannot be forced to the disk");
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }
}
