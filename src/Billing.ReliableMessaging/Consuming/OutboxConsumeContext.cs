using MassTransit;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Billing.ReliableMessaging.Consuming;

/// <summary>What a consumer sees: everything that it publishes or sends becomes a row of its own transaction.</summary>
sealed class OutboxConsumeContext<TDbContext, TMessage>(
    ConsumeContext<TMessage> context, OutboxConsumeOptions options, IServiceProvider provider, TDbContext db, IDbContextTransaction transaction, Guid groupId, TimeProvider time)
    : OutboxConsumeContextProxy<TMessage>(context, options, provider), OutboxTransactionContext
    where TDbContext : DbContext
    where TMessage : class
{
    bool _closed;

    public DbContext DbContext => db;

    public bool HasMessages { get; private set; }

    public override bool ContinueProcessing { get; set; } = true;

    public override bool IsMessageConsumed => IsDuplicate;

    public required bool IsDuplicate { get; init; }

    // Delivery is the work of the delivery service, not of this message.
    public override bool IsOutboxDelivered => true;

    public override int ReceiveCount => 1;

    public override long? LastSequenceNumber => null;

    public override async Task SetConsumed()
    {
        // What is added from here on would be lost.
        _closed = true;
        await db.SaveChangesAsync(CancellationToken);
        // Dying before this line leaves nothing: the message comes again. Dying after it leaves everything: the repeat meets the inbox row.
        await transaction.CommitAsync(CancellationToken);
    }

    public override Task AddSend<T>(SendContext<T> context)
    {
        if (_closed) throw new InvalidOperationException($"{typeof(T).Name} was sent after the consumer had completed: await every Publish, Send and Respond.");
        var message = CapturedMessage.From(context, SerializerContext, groupId, time.GetUtcNow().UtcDateTime);
        lock (db) db.Add(message);
        HasMessages = true;
        return Task.CompletedTask;
    }

    public override Task SetDelivered() => Task.CompletedTask;

    public override Task<List<OutboxMessageContext>> LoadOutboxMessages() => Task.FromResult(new List<OutboxMessageContext>());

    public override Task NotifyOutboxMessageDelivered(OutboxMessageContext message) => Task.CompletedTask;

    public override Task RemoveOutboxMessages() => Task.CompletedTask;
}
