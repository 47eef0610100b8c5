using MassTransit;

namespace Billing.Sagas.Doors;

/// <summary>The operators' way in: their user may publish this one message, and the queue of the recharges takes many.</summary>
sealed class ResolveRechargeConsumer : IConsumer<ResolveRecharge>
{
    public Task Consume(ConsumeContext<ResolveRecharge> context) => context.ForwardToRecharges();
}
