using MassTransit;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>A broker keeps what it has confirmed, and the send waits for that.</summary>
sealed class ConfirmedByBroker : IDeliveryConfirmation
{
    public bool IsTheSend => true;

    // One endpoint that has trouble with its queue must not keep back what others are waiting for.
    public bool CanSend(BusHealthStatus health) => health != BusHealthStatus.Unhealthy;

    // The broker itself returns a mandatory message that no queue takes.
    public Expectation Expect(OutboxMessage message, bool mandatory) => Expectation.Met;
}
