using Billing.ReliableMessaging.Engines;
using Billing.ReliableMessaging.Scheduling;
using MassTransit.Configuration;
using MassTransit.Scheduling;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit;

public static class OutboxMessageSchedulerExtensions
{
    /// <summary>An IMessageScheduler for scopes outside of consumers: what it schedules is saved by the scope's SaveChanges. Needs the bus outbox.</summary>
    public static void AddOutboxMessageScheduler<TDbContext>(this IBusRegistrationConfigurator configurator) where TDbContext : DbContext =>
        configurator.AddScoped<IMessageScheduler>(provider => new MessageScheduler(
            new OutboxScheduleMessageProvider<TDbContext>(provider.GetRequiredService<ISendEndpointProvider>(), provider.GetRequiredService<TDbContext>(), provider.GetRequiredService<OutboxStore<TDbContext>>()),
            provider.GetRequiredService<IBus>().Topology));

    /// <summary>
    /// The scheduler of sagas (Schedule, Unschedule), consumers and redelivery: a message with a due time in the outbox. In a consumer
    /// with this context's outbox it is part of the transaction. Cancelling deletes it; what is being delivered cannot be called back.
    /// </summary>
    public static void UseOutboxMessageScheduler<TDbContext>(this IConsumePipeConfigurator configurator, IRegistrationContext context) where TDbContext : DbContext =>
        configurator.AddPrePipeSpecification(new FilterPipeSpecification<ConsumeContext>(
            new OutboxMessageSchedulerFilter<TDbContext>(context.GetRequiredService<IServiceScopeFactory>(), context.GetRequiredService<OutboxStore<TDbContext>>())));
}
