using MassTransit;

namespace Billing.Service.Operators;

sealed class ListRejectedUsageConsumer(RejectedUsageAnswers rejected) : IConsumer<ListRejectedUsage>
{
    public async Task Consume(ConsumeContext<ListRejectedUsage> context) =>
        await context.RespondAsync(await rejected.List(context.Message, context.CancellationToken));
}
