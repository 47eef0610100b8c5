namespace Billing.ReliableMessaging.Delivery;

/// <summary>A confirmation that is to come. Disposed of when it is no longer wanted.</summary>
sealed class Expectation(Task confirmed, Action forget) : IDisposable
{
    public static readonly Expectation Met = new(Task.CompletedTask, () => { });

    public Task Confirmed => confirmed;

    public void Dispose() => forget();
}
