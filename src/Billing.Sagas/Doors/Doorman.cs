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
        if (read is { Problem: null, Notice: { } notice }) await Send(context, RechargeQueues.Recharges, notice);
        else await Send(context, RechargeQueues.Desk, new UnreadableNotice { Kind = typeof(T).Name, Body = body.GetRawText(), Problem = read.Problem! });
    }

    static async Task Send<T>(ConsumeContext context, string queue, T message) where T : class
    {
        var endpoint = await context.GetSendEndpoint(new Uri($"exchange:{queue}"));
        await endpoint.Send(message, send =>
        {
            if (context.MessageId is { } id) send.MessageId = id;
        }, context.CancellationToken);
    }
}
