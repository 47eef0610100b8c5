using System.Runtime.InteropServices;
using System.Text;
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
        var text = TextOf(body);
        Guid? messageId = context.MessageId is { } id ? RechargeId.OfNotice(id, typeof(T).Name, text) : null;
        if (read is { Problem: null, Notice: { } notice }) await Send(context, RechargeQueues.Recharges, notice, messageId);
        else await Send(context, RechargeQueues.Desk, new UnreadableNotice { Kind = typeof(T).Name, Body = text, Problem = read.Problem! }, messageId);
    }

    /// <summary>As it came; bytes that are no Unicode, such as a name in another encoding, are no reason to lose what stands beside them.</summary>
    static string TextOf(JsonElement body) => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(body));

    static async Task Send<T>(ConsumeContext context, string queue, T message, Guid? messageId) where T : class
    {
        var endpoint = await context.GetSendEndpoint(new Uri($"exchange:{queue}"));
        await endpoint.Send(message, send =>
        {
            if (messageId is { } id) send.MessageId = id;
        }, context.CancellationToken);
    }
}
