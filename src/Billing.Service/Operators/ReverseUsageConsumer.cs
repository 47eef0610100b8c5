using MassTransit;

namespace Billing.Service.Operators;

sealed class ReverseUsageConsumer(UsageReversals reversals) : IConsumer<ReverseUsage>
{
    public async Task Consume(ConsumeContext<ReverseUsage> context) =>
        await context.RespondAsync(await reversals.Reverse(context.Message, context.CancellationToken));
}
