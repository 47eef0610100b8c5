namespace Billing.Service.Webhooks;

/// <summary>Wakes the dispatcher of this process: something is to be sent, or somebody has become free to send it.</summary>
sealed class WebhookSignal : IDisposable
{
    readonly SemaphoreSlim _given = new(0, 1);

    public void Give()
    {
        try
        {
            _given.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is given already.
        }
    }

    public Task Wait(TimeSpan atMost, CancellationToken cancellationToken) => _given.WaitAsync(atMost, cancellationToken);

    public void Dispose() => _given.Dispose();
}
