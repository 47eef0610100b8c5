using MassTransit;
using MassTransit.Context;

namespace Billing.ReliableMessaging;

/// <summary>Turns a message that the endpoint has prepared, and not sent, into a row.</summary>
static class CapturedMessage
{
    public static OutboxMessage From<T>(SendContext<T> context, IObjectDeserializer serializer, Guid groupId, DateTime now) where T : class
    {
        var message = new OutboxMessage
        {
            GroupId = groupId,
            MessageId = context.MessageId ?? throw new MessageException(typeof(T), "A message in the outbox needs a MessageId."),
            SentTime = context.SentTime ?? now,
            ExpirationTime = now + context.TimeToLive,
            EnqueueTime = now + context.Delay,
            SchedulingTokenId = context.ScheduledMessageId,
            ContentType = (context.ContentType ?? context.Serialization.DefaultContentType).ToString(),
            MessageType = string.Join(';', context.SupportedMessageTypes),
            Body = context.Serializer.GetMessageBody(context).GetString(),
            Headers = serializer.SerializeDictionary(context.Headers.GetAll()),
            ConversationId = context.ConversationId,
            CorrelationId = context.CorrelationId,
            InitiatorId = context.InitiatorId,
            RequestId = context.RequestId,
            SourceAddress = context.SourceAddress,
            DestinationAddress = context.DestinationAddress,
            ResponseAddress = context.ResponseAddress,
            FaultAddress = context.FaultAddress,
        };
        if (context is TransportSendContext transport) message.Properties = serializer.SerializeDictionary(Properties(transport));
        return message;
    }

    static Dictionary<string, object> Properties(TransportSendContext context)
    {
        var properties = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        // EnqueueTime serves the delay. It must not reach the transport: RabbitMQ would look for its delayed-message plugin.
        context.Delay = null;
        context.WritePropertiesTo(properties);
        return properties;
    }
}
