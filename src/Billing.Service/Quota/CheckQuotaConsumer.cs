using MassTransit;

namespace Billing.Service.Quota;

sealed class CheckQuotaConsumer(QuotaChecks checks) : IConsumer<CheckQuota>
{
    public async Task Consume(ConsumeContext<CheckQuota> context) => await context.RespondAsync(await checks.Check(context.Message, context.CancellationToken));
}
