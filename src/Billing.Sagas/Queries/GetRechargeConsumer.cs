using MassTransit;

namespace Billing.Sagas.Queries;

sealed class GetRechargeConsumer(RechargeQueries recharges) : IConsumer<GetRecharge>
{
    public async Task Consume(ConsumeContext<GetRecharge> context) =>
        await context.RespondAsync(await recharges.Get(context.Message.RechargeId, context.CancellationToken));
}
