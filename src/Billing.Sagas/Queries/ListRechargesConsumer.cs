using MassTransit;

namespace Billing.Sagas.Queries;

sealed class ListRechargesConsumer(RechargeQueries recharges) : IConsumer<ListRecharges>
{
    public async Task Consume(ConsumeContext<ListRecharges> context) =>
        await context.RespondAsync(await recharges.List(context.Message, context.CancellationToken));
}
