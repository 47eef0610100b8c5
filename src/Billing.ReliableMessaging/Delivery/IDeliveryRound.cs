namespace Billing.ReliableMessaging.Delivery;

/// <summary>One way to take rows, send them and forget the confirmed ones.</summary>
interface IDeliveryRound
{
    /// <summary>True when there is more to do at once.</summary>
    Task<bool> Run(CancellationToken stopping);

    /// <summary>Writes at the end what is known, and leaves the rest for the next start.</summary>
    Task End();
}
