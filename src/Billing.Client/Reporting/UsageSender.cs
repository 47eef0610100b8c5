using System.Collections.Concurrent;
using Billing.Client.Reporting.Doors;
using Billing.Client.Reporting.Spooling;
using Microsoft.Extensions.Logging;

namespace Billing.Client.Reporting;

/// <summary>Brings what stands in the spool to the service, several messages at once, each until it is confirmed.</summary>
sealed class UsageSender(
    Spool spool, IUsageDoor door, DoorWatch watch, ReporterMetrics metrics, IReadOnlyList<IConfirmedUsages> listeners, int inFlightMax, TimeProvider time, ILogger<UsageReporter> log)
{
    const int RejectedShown = 5;
    static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    readonly ConcurrentDictionary<UsageBody, long> _inFlight = new();
    readonly SemaphoreSlim _window = new(inFlightMax);

    public bool IsAway => watch.IsAway;

    public TimeSpan OldestAge
    {
        get
        {
            var oldest = long.MaxValue;
            foreach (var (_, writtenAt) in _inFlight) oldest = Math.Min(oldest, writtenAt);
            return oldest == long.MaxValue ? TimeSpan.Zero : time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(oldest);
        }
    }

    /// <summary>Ends when it is told to stop and nothing is under way any more. What is not confirmed stays in the spool.</summary>
    public async Task Run(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await _window.WaitAsync(stop);
                _ = Deliver(await Next(stop), stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            while (!_inFlight.IsEmpty) await _window.WaitAsync(CancellationToken.None);
        }
    }

    /// <summary>One attempt with a message that no file holds.</summary>
    public async Task<bool> TrySend(UsageBody body, CancellationToken cancellationToken)
    {
        try
        {
            var rejected = await door.Send(body, cancellationToken);
            watch.NoteSuccess();
            Note(body, rejected);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            watch.NoteFailure(exception);
            return false;
        }
    }

    async Task<UsageBody> Next(CancellationToken stop)
    {
        while (true)
        {
            await spool.Gathering.Ready(stop);
            try
            {
                if (spool.Next() is { } body) return body;
            }
            catch (IOException exception)
            {
                log.LogError(exception, "The spool of usage cannot be read; it is tried again");
                await Task.Delay(PauseMax, time, stop);
                spool.Gathering.Release();
            }
        }
    }

    async Task Deliver(UsageBody body, CancellationToken stop)
    {
        _inFlight[body] = body.OldestMs;
        try
        {
            var pause = PauseMin;
            while (!await TrySend(body, stop))
            {
                await Task.Delay(pause, time, stop);
                pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
            }
            // Dying before this line sends it again after the next start: its usage ids turn it into nothing.
            spool.Confirm(body);
            body.Dispose();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It stays in its file. Its buffer does not go back to the pool: the broker's library may still hold it.
        }
        finally
        {
            _inFlight.TryRemove(body, out _);
            _window.Release();
        }
    }

    void Note(UsageBody body, IReadOnlyList<RejectedItem> rejected)
    {
        metrics.NoteConfirmed(body.Count, rejected.Count);
        if (rejected.Count > 0)
            log.LogWarning("The service does not charge {RejectedCount} of {UsageCount} usages and keeps them as rejected, the first being {Rejected}", rejected.Count, body.Count, rejected.Take(RejectedShown));
        if (listeners.Count == 0) return;
        var ids = body.UsageIds();
        foreach (var listener in listeners) listener.Confirmed(ids);
    }
}
