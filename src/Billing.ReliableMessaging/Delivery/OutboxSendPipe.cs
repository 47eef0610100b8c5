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
        // Not before: restoring would put back what was captured.
        if (context.TryGetPayload(out RabbitMqSendContext? rabbitMq)) rabbitMq.Mandatory = mandatory;
    }

    public void Probe(ProbeContext context) => _restore.Probe(context);
}
