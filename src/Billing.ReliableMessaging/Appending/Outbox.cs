using System.Data.Common;
using System.Diagnostics;
using Billing.ReliableMessaging.Delivery;
using Billing.ReliableMessaging.Engines;
using Billing.ReliableMessaging.Publishing;
using MassTransit;
using MassTransit.Logging;
using MassTransit.Middleware.Outbox;
using MassTransit.Transports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.ReliableMessaging.Appending;

sealed class Outbox<TDbContext>(IBus bus, IServiceScopeFactory scopes, IServiceProvider provider, OutboxStore<TDbContext> store, OutboxSignal<TDbContext> signal, TimeProvider time)
    : IOutbox<TDbContext>
    where TDbContext : DbContext
{
    OutboxSql? _sql;

    public async Task Append(DbTransaction transaction, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count == 0) return;
        var rows = await Prepare(messages, cancellationToken);
        await rows.Insert(transaction, cancellationToken);
    }

    public async Task<OutboxRows> Prepare(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        var rows = new List<OutboxMessage>(messages.Count);
        foreach (var message in messages)
        {
            // Prepares the message by the publish topology alone: no connection is needed for that.
            var capture = new Capture(provider, message.GroupId ?? message.MessageId, time, rows.Add);
            var endpoint = new PublishEndpoint(new OutboxPublishEndpointProvider(capture, bus));
            await Publish(endpoint, message, cancellationToken);
        }
        return new OutboxRows(_sql ??= await Sql(), rows);
    }

    static async Task Publish(PublishEndpoint endpoint, OutgoingMessage message, CancellationToken cancellationToken)
    {
        var current = Activity.Current;
        // The current span is a parent before any header is.
        if (message.Origin != default) Activity.Current = null;
        try
        {
            await endpoint.Publish(message.Message, Pipe.Execute<PublishContext>(context =>
            {
                context.MessageId = message.MessageId;
                if (message.Origin != default) context.Headers.Set(DiagnosticHeaders.ActivityId, TraceParent(message.Origin));
            }), cancellationToken);
        }
        finally
        {
            Activity.Current = current;
        }
    }

    static string TraceParent(ActivityContext span) => $"00-{span.TraceId}-{span.SpanId}-{(int)span.TraceFlags:x2}";

    public void Notify() => signal.Give();

    public async Task<OutboxBacklog> ReadBacklog(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var rows = scope.ServiceProvider.GetRequiredService<TDbContext>().Set<OutboxMessage>();
        var ready = await rows.LongCountAsync(row => row.EnqueueTime == null, cancellationToken);
        var failing = await rows.LongCountAsync(row => row.DeliveryAttempts > 0, cancellationToken);
        var oldest = await rows.Where(row => row.EnqueueTime == null || row.DeliveryAttempts > 0).MinAsync(row => (DateTime?)row.SentTime, cancellationToken);
        return new OutboxBacklog(ready, oldest is { } sent ? time.GetUtcNow().UtcDateTime - sent : TimeSpan.Zero, failing);
    }

    async Task<OutboxSql> Sql()
    {
        await using var scope = scopes.CreateAsyncScope();
        return store.For(scope.ServiceProvider.GetRequiredService<TDbContext>());
    }
}
