using MassTransit;
using MassTransit.Context;
using MassTransit.RabbitMqTransport;

namespace Billing.Service.Hosting;

/// <summary>
/// Requests of programs that know nothing of MassTransit: plain JSON with the broker's own properties <c>reply_to</c>, which is
/// "amq.rabbitmq.reply-to", and <c>correlation_id</c>. Their answer is plain JSON with the same correlation id. Without reply_to nobody
/// waits, and the answer is dropped.
/// </summary>
sealed class PlainRequests : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        if (context.ResponseAddress is not null || !context.ReceiveContext.TryGetPayload<RabbitMqBasicConsumeContext>(out var message))
        {
            await next.Send(context);
            return;
        }

        context.GetOrAddPayload(() => new PlainReply(message.Properties.ReplyTo, message.Properties.CorrelationId));
        await next.Send(new PlainRequest(context));
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("plainRequests");
}

/// <summary>Who asked, in the broker's words.</summary>
sealed record PlainReply(string? ReplyTo, string? CorrelationId)
{
    /// <summary>No queue has this name: the broker drops what is sent to it.</summary>
    const string Nobody = "amq.rabbitmq.reply-to.nobody";

    static readonly MassTransit.Serialization.SystemTextJsonRawMessageSerializer Json = new(RawSerializerOptions.AnyMessageType);

    /// <summary>Makes the answer to such a request what its sender understands; leaves all other messages alone.</summary>
    public static void Address(SendContext send)
    {
        if (!send.TryGetPayload<ConsumeContext>(out var request) || !request.TryGetPayload<PlainReply>(out var reply) || !DirectReplyTo.Is(send.DestinationAddress)) return;

        Address(send, reply.ReplyTo ?? Nobody, reply.CorrelationId);
    }

    public static void Address(SendContext send, string replyTo, string? correlationId)
    {
        send.Serializer = Json;
        send.SetRoutingKey(replyTo);
        if (send.TryGetPayload<RabbitMqSendContext>(out var message)) message.BasicProperties.CorrelationId = correlationId;
    }
}

sealed class PlainRequest(ConsumeContext request) : ConsumeContextProxy(request)
{
    public override Uri ResponseAddress { get; } = new(request.ReceiveContext.InputAddress, DirectReplyTo.Name);
}
