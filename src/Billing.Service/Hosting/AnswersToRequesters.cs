using MassTransit;
using MassTransit.RabbitMqTransport;

namespace Billing.Service.Hosting;

/// <summary>
/// The last word on where an answer goes. MassTransit takes the queue from the request's <c>reply_to</c>, after all other filters: the
/// sender's word again, and this service may write where the sender may not. Only what the broker itself has put there is a requester.
/// </summary>
sealed class AnswersToRequesters : ISendObserver
{
    public Task PreSend<T>(SendContext<T> context) where T : class
    {
        if (DirectReplyTo.Is(context.DestinationAddress) && context.TryGetPayload<RabbitMqSendContext>(out var answer) && !DirectReplyTo.IsRequester(answer.RoutingKey ?? ""))
            context.SetRoutingKey(PlainReply.Nobody);
        return Task.CompletedTask;
    }

    public Task PostSend<T>(SendContext<T> context) where T : class => Task.CompletedTask;

    public Task SendFault<T>(SendContext<T> context, Exception exception) where T : class => Task.CompletedTask;
}
