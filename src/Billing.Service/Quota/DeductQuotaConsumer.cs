using Billing.Service.Intake;
using MassTransit;

namespace Billing.Service.Quota;

sealed class DeductQuotaConsumer(Deductions deductions) : IConsumer<IncomingDeduction>
{
    public async Task Consume(ConsumeContext<IncomingDeduction> context) =>
        await context.RespondAsync(await deductions.Deduct(context.Message.Fields, context.SentAt(), context.CancellationToken));
}
