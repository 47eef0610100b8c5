using MassTransit;

namespace Billing.Service.Queries;

sealed class ListRecordsConsumer(RecordAnswers records) : IConsumer<ListRecords>
{
    public async Task Consume(ConsumeContext<ListRecords> context) => await context.RespondAsync(await records.List(context.Message, context.CancellationToken));
}
