namespace Billing.Client.Leases;

/// <summary>While the service does not answer, calls are not kept waiting for it: now and then one of them finds out whether it is back.</summary>
sealed class Outage(TimeSpan pause, TimeProvider time)
{
    volatile bool _away;
    long _askAgainAt;

    public bool MayAsk()
    {
        if (!_away) return true;
        var (now, due) = (time.GetTimestamp(), Volatile.Read(ref _askAgainAt));
        return now >= due && Interlocked.CompareExchange(ref _askAgainAt, After(now), due) == due;
    }

    public void Answered() => _away = false;

    public void NotAnswered()
    {
        Volatile.Write(ref _askAgainAt, After(time.GetTimestamp()));
        _away = true;
    }

    long After(long now) => now + (long)(pause.TotalSeconds * time.TimestampFrequency);
}
