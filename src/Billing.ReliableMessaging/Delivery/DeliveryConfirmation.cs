using MassTransit.InMemoryTransport.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>Chooses by the transport what counts as a confirmation.</summary>
static class DeliveryConfirmation
{
    public static IDeliveryConfirmation Of(IServiceProvider provider) =>
        provider.GetRequiredService<IBusInstance>().HostConfiguration is IInMemoryHostConfiguration host
            ? new ConsumedInProcess(host, provider.GetRequiredService<Consumption>())
            : new ConfirmedByBroker();
}
