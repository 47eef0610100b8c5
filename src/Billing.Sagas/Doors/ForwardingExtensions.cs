using System.Text.Json;
using MassTransit;
using MassTransit.Context;

namespace Billing.Sagas.Doors;

static class ForwardingExtensions
{
    /// <summary>
    /// Hands a request on to the recharges. A foreign message id may stand for more than one request, and the recharges know a message by
    /// its id: under this one the same request is the same message, and another is another.
    /// </summary>
    public static async Task ForwardToRecharges<T>(this ConsumeContext<T> context) where T : class
    {
        var recharges = await context.GetSendEndpoint(new Uri($"exchange:{RechargeQueues.Recharges}"));
        await new Renamed(context, RechargeId.OfNotice(context.MessageId ?? NewId.NextGuid(), typeof(T).Name, JsonSerializer.Serialize(context.Message))).Forward(recharges, context.Message);
    }

    sealed class Renamed(ConsumeContext request, Guid messageId) : ConsumeContextProxy(request)
    {
        public override Guid? MessageId { get; } = messageId;
    }
}
