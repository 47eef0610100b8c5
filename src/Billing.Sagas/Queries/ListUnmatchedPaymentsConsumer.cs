using MassTransit;

namespace Billing.Sagas.Queries;

sealed class ListUnmatchedPaymentsConsumer(UnmatchedPaymentQueries payments) : IConsumer<ListUnmatchedPayments>
{
    public async Task Consume(ConsumeContext<ListUnmatchedPayments> context) =>
        await context.RespondAsync(await payments.List(context.Message, context.CancellationToken));
}
