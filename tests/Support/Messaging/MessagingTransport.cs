using MassTransit;

namespace Billing.TestSupport.Messaging;

/// <summary>A transport on which the hosts of one test meet.</summary>
public abstract class MessagingTransport : IAsyncDisposable
{
    public abstract void Use(IBusRegistrationConfigurator bus);

    public abstract ValueTask DisposeAsync();

    protected static void Configure(IBusFactoryConfigurator bus, IBusRegistrationContext context) => bus.UseOutboxMessageScheduler<OrdersDb>(context);
}
