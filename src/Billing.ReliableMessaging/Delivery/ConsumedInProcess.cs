using MassTransit;
using MassTransit.InMemoryTransport.Configuration;
using MassTransit.Transports.Fabric;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>
/// The in-memory transport keeps nothing: a message is safe only when every endpoint that gets it has settled it, after its consumers'
/// commits. Which endpoints get it is read from the transport's own bindings, so that no kind of consumer is forgotten.
/// </summary>
sealed class ConsumedInProcess(IInMemoryHostConfiguration host, Consumption consumption) : IDeliveryConfirmation
{
    public bool IsTheSend => false;

    // An endpoint that is not ready yet would miss the message.
    public bool CanSend(BusHealthStatus health) => health == BusHealthStatus.Healthy;

    public Expectation Expect(OutboxMessage message, bool mandatory)
    {
        var queues = QueuesBehind(message.DestinationAddress!).Where(consumption.HasEndpoint).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (queues.Count > 0) return consumption.Expect(message.MessageId, queues, mandatory);
        return mandatory ? throw new NobodyConsumesException(message.DestinationAddress) : Expectation.Met;
    }

    IEnumerable<string> QueuesBehind(Uri destination)
    {
        var fabric = host.TransportProvider.MessageFabric;
        var address = new InMemoryEndpointAddress(host.HostAddress, destination);
        return Queues(fabric.GetExchange(host.TransportProvider, address.Name, address.ExchangeType));
    }

    static IEnumerable<string> Queues<T>(IMessageExchange<T> exchange) where T : class => exchange.Sinks.SelectMany(sink => sink switch
    {
        IMessageExchange<T> next => Queues(next),
        IMessageQueue<MassTransit.InMemoryTransport.InMemoryTransportContext, T> queue => [queue.Name],
        _ => [],
    });
}
