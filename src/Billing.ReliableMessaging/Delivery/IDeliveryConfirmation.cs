using MassTransit;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>Says when a message that was sent is safe without its row.</summary>
interface IDeliveryConfirmation
{
    /// <summary>A send that has returned is confirmed.</summary>
    bool IsTheSend { get; }

    /// <summary>Whether a bus in this state takes messages.</summary>
    bool CanSend(BusHealthStatus health);

    /// <summary>Called before the send, so that no confirmation is missed.</summary>
    /// <exception cref="NobodyConsumesException">The message is mandatory and nobody would get it.</exception>
    Expectation Expect(OutboxMessage message, bool mandatory);
}
