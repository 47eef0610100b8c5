using Billing.ReliableMessaging.Delivery;
using Billing.ReliableMessaging.Engines;
using MassTransit;
using MassTransit.Scheduling;
using Microsoft.EntityFrameworkCore;

namespace Billing.ReliableMessaging.Scheduling;

/// <summary>Schedules by writing a row with a due time, and cancels by deleting it: both in the caller's transaction.</summary>
sealed class OutboxScheduleMessageProvider<TDbContext>(ISendEndpointProvider endpoints, TDbContext db, OutboxStore<TDbContext> store) : IScheduleMessageProvider where TDbContext : DbContext
{
    // Sets the delay and the token; the outbox's endpoint captures them.
    readonly DelayedScheduleMessageProvider _sender = new(endpoints);

    public Task<ScheduledMessage<T>> ScheduleSend<T>(Uri destinationAddress, DateTime scheduledTime, T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken) where T : class =>
        _sender.ScheduleSend(destinationAddress, scheduledTime, message, pipe, cancellationToken);

    public Task CancelScheduledSend(Guid tokenId, CancellationToken cancellationToken)
    {
        // Not saved yet: taking it back is all there is to do.
        foreach (var added in db.ChangeTracker.Entries<OutboxMessage>().Where(entry => entry.State == EntityState.Added && entry.Entity.SchedulingTokenId == tokenId).ToList())
            added.State = EntityState.Detached;
        return WriteTransaction.Run(db, () => store.For(db).CancelScheduled(db, tokenId, cancellationToken), cancellationToken);
    }

    public Task CancelScheduledSend(Uri destinationAddress, Guid tokenId, CancellationToken cancellationToken) => CancelScheduledSend(tokenId, cancellationToken);
}
