using Billing.ReliableMessaging.Engines;
using Billing.ReliableMessaging.Publishing;
using MassTransit;
using MassTransit.Middleware.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.ReliableMessaging.Scheduling;

/// <summary>Outside of an outbox's transaction, as in redelivery after a failed one: a transaction of its own.</summary>
sealed class OwnScopeScheduleMessageProvider<TDbContext>(ConsumeContext context, IServiceScopeFactory scopes, OutboxStore<TDbContext> store) : IScheduleMessageProvider where TDbContext : DbContext
{
    public Task<ScheduledMessage<T>> ScheduleSend<T>(Uri destinationAddress, DateTime scheduledTime, T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken) where T : class =>
        Run(scheduler => scheduler.ScheduleSend(destinationAddress, scheduledTime, message, pipe, cancellationToken), cancellationToken);

    public Task CancelScheduledSend(Guid tokenId, CancellationToken cancellationToken) => Run(async scheduler =>
    {
        await scheduler.CancelScheduledSend(tokenId, cancellationToken);
        return true;
    }, cancellationToken);

    public Task CancelScheduledSend(Uri destinationAddress, Guid tokenId, CancellationToken cancellationToken) => CancelScheduledSend(tokenId, cancellationToken);

    async Task<TResult> Run<TResult>(Func<IScheduleMessageProvider, Task<TResult>> action, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDbContext>();
        var capture = new Capture(scope.ServiceProvider, NewId.NextGuid(), scope.ServiceProvider.GetRequiredService<TimeProvider>(), message => db.Add(message));
        var endpoints = new OutboxSendEndpointProvider(capture, context.ReceiveContext.SendEndpointProvider);
        var result = await action(new OutboxScheduleMessageProvider<TDbContext>(endpoints, db, store));
        await db.SaveChangesAsync(cancellationToken);
        return result;
    }
}
