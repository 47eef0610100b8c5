using Billing.ReliableMessaging.Delivery;
using MassTransit;
using MassTransit.Clients;
using MassTransit.DependencyInjection;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using MassTransit.Serialization;
using MassTransit.Transports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.ReliableMessaging.Publishing;

/// <summary>The bus outbox of one scope: what is published becomes rows that the scope's SaveChanges writes.</summary>
sealed class OutboxScopedBusContext<TDbContext> : ScopedBusContext, OutboxSendContext, IDisposable where TDbContext : DbContext
{
    readonly Guid _groupId = NewId.NextGuid();
    // Resolved with the first message: a context may itself ask for an IPublishEndpoint.
    readonly Lazy<TDbContext> _db;
    readonly OutboxSignal<TDbContext> _signal;
    readonly TimeProvider _time;
    readonly IServiceProvider _provider;
    bool _pending;

    public OutboxScopedBusContext(IBus bus, OutboxSignal<TDbContext> signal, TimeProvider time, IClientFactory clientFactory, IServiceProvider provider)
    {
        (_db, _signal, _time, _provider) = (new(provider.GetRequiredService<TDbContext>), signal, time, provider);
        SendEndpointProvider = new OutboxSendEndpointProvider(this, bus);
        PublishEndpoint = new PublishEndpoint(new OutboxPublishEndpointProvider(this, bus));
        ClientFactory = new ScopedClientFactory(new ClientFactory(new ScopedClientFactoryContext(clientFactory, provider)), null);
    }

    public ISendEndpointProvider SendEndpointProvider { get; }

    public IPublishEndpoint PublishEndpoint { get; }

    public IScopedClientFactory ClientFactory { get; }

    public Task AddSend<T>(SendContext<T> context) where T : class
    {
        var message = CapturedMessage.From(context, SystemTextJsonMessageSerializer.Instance, _groupId, _time.GetUtcNow().UtcDateTime);
        lock (_db)
        {
            _db.Value.Add(message);
            if (!_pending) _db.Value.SavedChanges += OnSaved;
            _pending = true;
        }
        return Task.CompletedTask;
    }

    public object? GetService(Type serviceType) => _provider.GetService(serviceType);

    public void Dispose()
    {
        if (!_pending) return;
        _db.Value.SavedChanges -= OnSaved;
        // For rows of a transaction that was committed after SaveChanges.
        _signal.Give();
    }

    void OnSaved(object? sender, SavedChangesEventArgs saved)
    {
        if (_db.Value.Database.CurrentTransaction is null) _signal.Give();
    }
}
