using MassTransit;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>A broker keeps what it has confirmed, and the send waits for that.</summary>
sealed class ConfirmedByBroker : IDeliveryConfirmation
{
    volatile bool _wasHealthy;

    public bool IsTheSend => true;

    // At the first start a message would be lost to an endpoint that has not bound its queue yet. Later, one endpoint that has trouble
    // with its queue must not keep back what others are waiting for.
    public bool CanSend(BusHealthStatus health)
    {
        if (health == BusHealthStatus.Healthy) _wasHealthy = true;
        return _wasHealthy && health != BusHealthStatus.Unhealthy;
    }

    // The broker itself returns a mandatory message that no queue takes.
    public Expectation Expect(OutboxMessage message, bool mandatory) => Expectation.Met;
}
