using System.Text.Json;
using MassTransit;

namespace Billing.Sagas.Doors;

/// <summary>
/// Lets a valid notification in to the recharges, and a wrong one to the desk where it is kept. Acknowledged once the broker has
/// confirmed it there; dying before that, it is delivered again, and comes in again under the same message id.
/// </summary>
static class Doorman
{
    public static async Task LetIn<T>(ConsumeContext context, JsonElement body, (T? Notice, string? Problem) read) where T : class
    {
        Guid? messageId = context.MessageId is { } id ? RechargeId.OfNotice(id, typeof(T).Name, body.GetRawText()) : null;
        if (read is { Problem: null, Notice: { } notice }) await Send(context, RechargeQueues.Recharges, notice, messageId);
        else await Send(context, RechargeQueues.Desk, new UnreadableNotice { Kind = typeof(T).Name, Body = body.GetRawText(), Problem = read.Problem! }, messageId);
    }

    static async Task Send<T>(ConsumeContext context, string queue, T message, Guid? messageId) where T : class
    {
        var endpoint = await context.GetSendEndpoint(new Uri($"exchange:{queue}"));
        await endpoint.Send(message, send =>
        {
            if (messageId is { } id) send.MessageId = id;
        }, context.CancellationToken);
    }
}
