using MassTransit;

namespace Billing.Sagas.Desk;

sealed class AssignPaymentConsumer(Assignments assignments) : IConsumer<AssignPayment>
{
    public async Task Consume(ConsumeContext<AssignPayment> context) =>
        await context.RespondAsync(await assignments.Assign(context.Message, context.CancellationToken));
}
