using MassTransit;

namespace Billing.Service.Accounts;

sealed class AdjustBalanceConsumer(Adjustments adjustments) : IConsumer<AdjustBalance>
{
    public async Task Consume(ConsumeContext<AdjustBalance> context) =>
        await context.RespondAsync(await adjustments.Adjust(context.Message, context.CancellationToken));
}
