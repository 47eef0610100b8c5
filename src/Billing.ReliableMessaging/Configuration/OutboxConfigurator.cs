using Billing.ReliableMessaging.Delivery;
using Billing.ReliableMessaging.Engines;
using Billing.ReliableMessaging.Publishing;
using MassTransit;
using MassTransit.DependencyInjection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.ReliableMessaging.Configuration;

sealed class OutboxConfigurator<TDbContext>(IServiceCollection services, OutboxOptions<TDbContext> options) : IEntityFrameworkOutboxConfigurator, IEntityFrameworkBusOutboxConfigurator
    where TDbContext : DbContext
{
    public TimeSpan DuplicateDetectionWindow { set => options.DuplicateDetectionWindow = value; }

    public TimeSpan QueryDelay { set => options.QueryDelay = value; }

    public int QueryMessageLimit { set => options.QueryMessageLimit = value; }

    public TimeSpan MessageDeliveryTimeout { set => options.MessageDeliveryTimeout = value; }

    public int ConcurrentDeliveries { set => options.ConcurrentDeliveries = value; }

    public void Mandatory(Func<OutboxMessage, bool> isMandatory)
    {
        var before = options.IsMandatory;
        options.IsMandatory = message => before(message) || isMandatory(message);
    }

    public void Mandatory<TMessage>() where TMessage : class => Mandatory(message => message.Is<TMessage>());

    public void DisableInboxCleanupService() => services.RemoveHostedService<InboxCleanupService<TDbContext>>();

    public void DisableDeliveryService() => services.RemoveHostedService<OutboxDeliveryService<TDbContext>>();

    public void UseBusOutbox(Action<IEntityFrameworkBusOutboxConfigurator>? configure = null)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(BusOutboxOwner))?.ImplementationInstance is BusOutboxOwner owner && owner.DbContext != typeof(TDbContext))
            throw new ConfigurationException($"The bus outbox of this host is {owner.DbContext.Name}'s: {typeof(TDbContext).Name} cannot have it too.");
        services.AddSingleton(new BusOutboxOwner(typeof(TDbContext)));
        services.ReplaceScoped<IScopedBusContextProvider<IBus>, ScopedBusContextProvider<IBus, TDbContext>>();
        configure?.Invoke(this);
    }

    public IEntityFrameworkOutboxConfigurator UsePostgres()
    {
        options.Engine = DatabaseEngine.Postgres;
        return this;
    }

    public IEntityFrameworkOutboxConfigurator UseSqlite()
    {
        options.Engine = DatabaseEngine.Sqlite;
        services.ConfigureDbContext<TDbContext>(context => context.AddInterceptors(SqliteWriteGateInterceptor.Instance));
        return this;
    }
}
