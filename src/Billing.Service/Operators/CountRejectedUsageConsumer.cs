using MassTransit;

namespace Billing.Service.Operators;

sealed class CountRejectedUsageConsumer(RejectedUsageAnswers rejected) : IConsumer<CountRejectedUsage>
{
    public async Task Consume(ConsumeContext<CountRejectedUsage> context) =>
        await context.RespondAsync(await rejected.Count(context.Message, context.CancellationToken));
}
