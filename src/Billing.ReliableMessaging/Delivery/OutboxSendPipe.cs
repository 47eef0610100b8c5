using MassTransit;
using MassTransit.Middleware;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>Sends the row as it was captured.</summary>
sealed class OutboxSendPipe(OutboxMessage row, bool mandatory) : IPipe<SendContext>
{
    readonly OutboxMessageSendPipe _restore = new(row, row.DestinationAddress);

    public Task Send(SendContext context)
    {
        if (mandatory && context.TryGetPayload(out RabbitMqSendContext? rabbitMq)) rabbitMq.Mandatory = true;
        return _restore.Send(context);
    }

    public void Probe(ProbeContext context) => _restore.Probe(context);
}
