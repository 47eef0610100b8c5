using Billing.ReliableMessaging.Delivery;
using MassTransit;
using MassTransit.DependencyInjection;
using Microsoft.EntityFrameworkCore;

namespace Billing.ReliableMessaging.Publishing;

/// <summary>Gives a scope its IPublishEndpoint and ISendEndpointProvider: the consumer's in a consumer, the context's outbox elsewhere.</summary>
sealed class ScopedBusContextProvider<TBus, TDbContext>(
    TBus bus, OutboxSignal<TDbContext> signal, TimeProvider time, Bind<TBus, IClientFactory> clientFactory, Bind<TBus, IScopedConsumeContextProvider> consumeContext, IServiceProvider provider)
    : IScopedBusContextProvider<TBus>, IDisposable
    where TBus : class, IBus
    where TDbContext : DbContext
{
    ScopedBusContext? _context;

    public ScopedBusContext Context => _context ??= consumeContext.Value.HasContext
        ? new ConsumeContextScopedBusContext(consumeContext.Value.GetContext(), clientFactory.Value)
        : new OutboxScopedBusContext<TDbContext>(bus, signal, time, clientFactory.Value, provider);

    public void Dispose() => (_context as IDisposable)?.Dispose();
}
