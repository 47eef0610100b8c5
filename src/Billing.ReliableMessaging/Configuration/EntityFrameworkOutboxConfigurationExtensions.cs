using Billing.ReliableMessaging;
using Billing.ReliableMessaging.Appending;
using Billing.ReliableMessaging.Configuration;
using Billing.ReliableMessaging.Consuming;
using Billing.ReliableMessaging.Delivery;
using Billing.ReliableMessaging.Engines;
using MassTransit.Configuration;
using MassTransit.Middleware;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MassTransit;

public static class EntityFrameworkOutboxConfigurationExtensions
{
    /// <summary>Gives a context an inbox and an outbox. May be called for several contexts of one host.</summary>
    /// <exception cref="ConfigurationException">Neither UsePostgres nor UseSqlite was called.</exception>
    public static void AddEntityFrameworkOutbox<TDbContext>(this IBusRegistrationConfigurator configurator, Action<IEntityFrameworkOutboxConfigurator>? configure = null)
        where TDbContext : DbContext
    {
        if (configurator.FirstOrDefault(service => service.ServiceType == typeof(OutboxOptions<TDbContext>))?.ImplementationInstance is not OutboxOptions<TDbContext> options)
            configurator.AddSingleton(options = new OutboxOptions<TDbContext>());

        configurator.TryAddSingleton(TimeProvider.System);
        configurator.TryAddSingleton<OutboxStore<TDbContext>>();
        configurator.TryAddSingleton<OutboxSignal<TDbContext>>();
        configurator.TryAddScoped<IOutboxContextFactory<TDbContext>, OutboxContextFactory<TDbContext>>();
        configurator.TryAddSingleton<IOutbox<TDbContext>, Outbox<TDbContext>>();

        configurator.TryAddSingleton<Consumption>();
        configurator.TryAddEnumerable(ServiceDescriptor.Singleton<IReceiveObserver, Consumption>(provider => provider.GetRequiredService<Consumption>()));
        configurator.TryAddEnumerable(ServiceDescriptor.Singleton<IReceiveEndpointObserver, Consumption>(provider => provider.GetRequiredService<Consumption>()));
        configurator.TryAddSingleton(DeliveryConfirmation.Of);
        configurator.AddHostedService<OutboxDeliveryService<TDbContext>>();
        configurator.AddHostedService<InboxCleanupService<TDbContext>>();

        configure?.Invoke(new OutboxConfigurator<TDbContext>(configurator, options));
        if (options.Engine is null) throw new ConfigurationException($"The outbox of {typeof(TDbContext).Name} needs UsePostgres or UseSqlite.");
    }

    /// <summary>
    /// Every consumer and saga of the endpoint runs in one transaction of this context: the inbox row, what it changes and what it
    /// publishes commit together, once for each message. Add retries before it, so that each attempt has a context of its own.
    /// </summary>
    public static void UseEntityFrameworkOutbox<TDbContext>(this IReceiveEndpointConfigurator configurator, IRegistrationContext context, Action<IOutboxOptionsConfigurator>? configure = null)
        where TDbContext : DbContext
    {
        var observer = new OutboxConsumePipeSpecificationObserver<TDbContext>(configurator, context);
        configure?.Invoke(observer);
        configurator.ConnectConsumerConfigurationObserver(observer);
        configurator.ConnectSagaConfigurationObserver(observer);
    }
}
