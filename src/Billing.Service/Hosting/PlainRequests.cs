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
    public const string Nobody = "amq.rabbitmq.reply-to.nobody";

    static readonly MassTransit.Serialization.SystemTextJsonRawMessageSerializer Json = new(RawSerializerOptions.AnyMessageType);

    /// <summary>
    /// Makes the answer to such a request what its sender understands. No answer reaches a queue by the name in <c>reply_to</c>, which is
    /// the sender's word: this service may write where the sender may not.
    /// </summary>
    public static void Address(SendContext send)
    {
        if (!DirectReplyTo.Is(send.DestinationAddress) || !send.TryGetPayload<ConsumeContext>(out var request)) return;

        if (request.TryGetPayload<PlainReply>(out var reply)) Address(send, RequesterOf(reply.ReplyTo), reply.CorrelationId);
        // A recharge's answer names its requester, whom another message brought.
        else if (send.TryGetPayload<RabbitMqSendContext>(out var answer) && string.IsNullOrEmpty(answer.RoutingKey)
            && request.ReceiveContext.TryGetPayload<RabbitMqBasicConsumeContext>(out var message)) send.SetRoutingKey(RequesterOf(message.Properties.ReplyTo));
    }

    public static void Address(SendContext send, string replyTo, string? correlationId)
    {
        send.Serializer = Json;
        send.SetRoutingKey(replyTo);
        if (send.TryGetPayload<RabbitMqSendContext>(out var message)) message.BasicProperties.CorrelationId = correlationId;
    }

    static string RequesterOf(string? replyTo) => replyTo is not null && DirectReplyTo.IsRequester(replyTo) ? replyTo : Nobody;
}

sealed class PlainRequest(ConsumeContext request) : ConsumeContextProxy(request)
{
    public override Uri ResponseAddress { get; } = new(request.ReceiveContext.InputAddress, DirectReplyTo.Name);
}
