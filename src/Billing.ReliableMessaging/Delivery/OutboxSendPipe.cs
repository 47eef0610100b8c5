using MassTransit;
using MassTransit.Middleware;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>Sends the row as it was captured.</summary>
sealed class OutboxSendPipe(OutboxMessage row, bool mandatory) : IPipe<SendContext>
{
    readonly OutboxMessageSendPipe _restore = new(row, row.DestinationAddress);

    public async Task Send(SendContext context)
    {
        await _restore.Send(context);
        if (!context.TryGetPayload(out RabbitMqSendContext? rabbitMq)) return;
        // Last, for restoring sets what the captured message had.
        rabbitMq.Mandatory |= mandatory;
        rabbitMq.AwaitAck = true;
    }

    public void Probe(ProbeContext context) => _restore.Probe(context);
}
