using System.Data;
using Billing.ReliableMessaging.Delivery;
using Billing.ReliableMessaging.Engines;
using MassTransit;
using MassTransit.Middleware;
using Microsoft.EntityFrameworkCore;

namespace Billing.ReliableMessaging.Consuming;

/// <summary>Runs a consumer in one transaction with the inbox row of its message.</summary>
sealed class OutboxContextFactory<TDbContext>(TDbContext db, OutboxStore<TDbContext> store, OutboxSignal<TDbContext> signal, TimeProvider time, IServiceProvider provider)
    : IOutboxContextFactory<TDbContext>
    where TDbContext : DbContext
{
    public async Task Send<T>(ConsumeContext<T> context, OutboxConsumeOptions options, IPipe<OutboxConsumeContext<T>> next) where T : class
    {
        var sql = store.For(db);
        // One SaveChanges a message is the normal case: savepoints would add two round trips to it.
        db.Database.AutoSavepointsEnabled = false;
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, context.CancellationToken);

        var now = time.GetUtcNow().UtcDateTime;
        // A message without an id, from a publisher that sends plain JSON, is a new one each time.
        var messageId = context.GetOriginalMessageId();
        var isNew = messageId is null
            || await sql.InsertInbox(db, new InboxState { MessageId = messageId.Value, ConsumerId = options.ConsumerId, Received = now }, context.CancellationToken) == 1;
        var outbox = new OutboxConsumeContext<TDbContext, T>(context, options, provider, db, transaction, messageId ?? NewId.NextGuid(), time) { IsDuplicate = !isNew };
        if (!isNew) await transaction.RollbackAsync(context.CancellationToken);

        // Consumes and commits, or finds the message consumed and lets it be acknowledged.
        await next.Send(outbox);
        if (outbox.HasMessages) signal.Give();
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("outboxContextFactory").Add("provider", "entityFrameworkCore");
}
