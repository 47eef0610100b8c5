namespace Billing.ReliableMessaging.Delivery;

/// <summary>Wakes the delivery of one context. A signal that comes while it is busy is kept for its next wait.</summary>
sealed class OutboxSignal<TDbContext> : IDisposable
{
    readonly SemaphoreSlim _given = new(0);

    public void Give()
    {
        if (_given.CurrentCount == 0) _given.Release();
    }

    public Task Wait(TimeSpan atMost, CancellationToken cancellationToken) => _given.WaitAsync(atMost, cancellationToken);

    public void Dispose() => _given.Dispose();
}
