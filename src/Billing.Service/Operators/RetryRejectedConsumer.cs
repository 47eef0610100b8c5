using MassTransit;

namespace Billing.Service.Operators;

sealed class RetryRejectedConsumer(RejectedRetries retries) : IConsumer<RetryRejected>
{
    public async Task Consume(ConsumeContext<RetryRejected> context) =>
        await context.RespondAsync(await retries.Retry(context.Message, context.CancellationToken));
}
