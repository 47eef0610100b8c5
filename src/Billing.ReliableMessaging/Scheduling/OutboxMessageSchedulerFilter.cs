using Billing.ReliableMessaging.Engines;
using MassTransit;
using MassTransit.Context;
using MassTransit.Scheduling;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.ReliableMessaging.Scheduling;

/// <summary>Gives every consumed message the outbox as its scheduler.</summary>
sealed class OutboxMessageSchedulerFilter<TDbContext>(IServiceScopeFactory scopes, OutboxStore<TDbContext> store) : IFilter<ConsumeContext> where TDbContext : DbContext
{
    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        context.GetOrAddPayload<MessageSchedulerContext>(() => new ConsumeMessageSchedulerContext(context, Create));
        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("outboxMessageScheduler");

    IMessageScheduler Create(ConsumeContext context) => new MessageScheduler(Provider(context), context.GetPayload<IBusTopology>());

    IScheduleMessageProvider Provider(ConsumeContext context) => context.TryGetPayload(out OutboxTransactionContext? transaction) && transaction.DbContext is TDbContext db
        ? new OutboxScheduleMessageProvider<TDbContext>(context, db, store)
        : new OwnScopeScheduleMessageProvider<TDbContext>(context, scopes, store);
}
