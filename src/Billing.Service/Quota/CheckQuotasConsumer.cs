using Billing.Service.Intake;
using MassTransit;

namespace Billing.Service.Quota;

sealed class CheckQuotasConsumer(QuotaChecks checks) : IConsumer<IncomingQuotaChecks>
{
    public async Task Consume(ConsumeContext<IncomingQuotaChecks> context) =>
        await context.RespondAsync(await checks.Check(context.Message.Items, context.CancellationToken));
}
