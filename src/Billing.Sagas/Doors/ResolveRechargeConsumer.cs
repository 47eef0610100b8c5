using MassTransit;

namespace Billing.Sagas.Doors;

/// <summary>The operators' way in: their user may publish this one message, and the queue of the recharges takes many.</summary>
sealed class ResolveRechargeConsumer : IConsumer<ResolveRecharge>
{
    public async Task Consume(ConsumeContext<ResolveRecharge> context) =>
        await context.Forward(await context.GetSendEndpoint(new Uri($"exchange:{RechargeQueues.Recharges}")), context.Message);
}
