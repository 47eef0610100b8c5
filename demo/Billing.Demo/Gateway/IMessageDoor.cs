using Billing.Demo.Traffic;

namespace Billing.Demo.Gateway;

/// <summary>One way to deliver usage that has happened.</summary>
interface IMessageDoor : IAsyncDisposable
{
    /// <summary>
    /// Returns once the delivery is confirmed; until then it is sent again, with the same ids. Cancelled, it may or may not have
    /// arrived.
    /// </summary>
    Task Send(Delivery delivery, CancellationToken giveUp);
}
