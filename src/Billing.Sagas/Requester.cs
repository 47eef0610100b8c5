using MassTransit;
using MassTransit.Context;

namespace Billing.Sagas;

/// <summary>Somebody who asked and waits.</summary>
/// <param name="ReplyTo">With RabbitMQ's direct reply-to the address is everybody's, and this names the one who asked.</param>
sealed record Requester(Guid RequestId, Uri ResponseAddress, string? ReplyTo)
{
    const string ReplyToProperty = "RMQ-ReplyTo";

    /// <summary>What the broker puts before the requester's name. Any other name is a queue, and none that an answer goes to.</summary>
    const string DirectReplyTo = "amq.rabbitmq.reply-to.";

    /// <summary>Null when nobody waits for an answer: over HTTP it is read from the recharge.</summary>
    public static Requester? Of(ConsumeContext context) => context is { RequestId: { } requestId, ResponseAddress: { } address }
        ? new Requester(requestId, address, ReplyToOf(context))
        : null;

    /// <summary>An answer never fails the transaction that it tells of.</summary>
    public async Task Tell(ConsumeContext context, RechargeStatus status)
    {
        try
        {
            var endpoint = await context.GetSendEndpoint(ResponseAddress);
            await endpoint.Send(status, send =>
            {
                send.RequestId = RequestId;
                if (ReplyTo is not null) send.SetRoutingKey(ReplyTo);
            }, context.CancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogContext.Warning?.Log(exception, "Recharge {RechargeId}: {ResponseAddress} could not be answered", status.RechargeId, ResponseAddress);
        }
    }

    static string? ReplyToOf(ConsumeContext context) =>
        context.ReceiveContext.TryGetPayload(out TransportReceiveContext? transport)
        && transport.GetTransportProperties() is { } properties && properties.TryGetValue(ReplyToProperty, out var replyTo)
            && replyTo is string name && name.StartsWith(DirectReplyTo, StringComparison.Ordinal)
            ? name
            : null;
}
