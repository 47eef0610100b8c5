using Microsoft.Extensions.Logging;

namespace Billing.Client.Reporting.Doors;

/// <summary>Says once that the way to the service is closed, and once that it is open again.</summary>
sealed class DoorWatch(TimeProvider time, ILogger<UsageReporter> log)
{
    readonly Lock _lock = new();
    long? _awaySince;
    bool _refused;

    public bool IsAway
    {
        get
        {
            lock (_lock) return _awaySince is not null;
        }
    }

    public void NoteFailure(Exception exception)
    {
        var refused = exception is DoorException { IsRefusal: true };
        lock (_lock)
        {
            // That one is not let in is worth saying even when the door was away before.
            if (_awaySince is not null && (_refused || !refused)) return;
            _awaySince ??= time.GetTimestamp();
            _refused = refused;
        }
        if (refused) log.LogError("Usage cannot be reported, and waits on the disk until someone helps: {Reason}", exception.Message);
        else log.LogWarning("Usage cannot be reported at present, and waits on the disk: {Reason}", exception.Message);
    }

    public void NoteSuccess()
    {
        TimeSpan away;
        lock (_lock)
        {
            if (_awaySince is not { } since) return;
            (away, _awaySince, _refused) = (time.GetElapsedTime(since), null, false);
        }
        log.LogInformation("Usage is reported again, after {AwaySeconds:0.0} s", away.TotalSeconds);
    }
}
