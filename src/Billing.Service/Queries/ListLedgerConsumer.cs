using MassTransit;

namespace Billing.Service.Queries;

sealed class ListLedgerConsumer(LedgerAnswers entries) : IConsumer<ListLedger>
{
    public async Task Consume(ConsumeContext<ListLedger> context) => await context.RespondAsync(await entries.List(context.Message, context.CancellationToken));
}
