using Microsoft.Extensions.Logging;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>An outage in the log: a line when it begins, a line when it ends, nothing between.</summary>
sealed class Trouble(ILogger logger, TimeProvider time, Type context)
{
    long? _since;

    public void Goes(Exception? exception, string what)
    {
        if (_since is not null) return;
        _since = time.GetTimestamp();
        logger.LogWarning(exception, "The outbox of {Context} waits: {Trouble}", context.Name, what);
    }

    public void Ended()
    {
        if (_since is not { } since) return;
        _since = null;
        logger.LogInformation("The outbox of {Context} goes on after {Seconds:0} s", context.Name, time.GetElapsedTime(since).TotalSeconds);
    }
}
