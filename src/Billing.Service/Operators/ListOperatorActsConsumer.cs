using MassTransit;

namespace Billing.Service.Operators;

sealed class ListOperatorActsConsumer(OperatorActAnswers acts) : IConsumer<ListOperatorActs>
{
    public async Task Consume(ConsumeContext<ListOperatorActs> context) =>
        await context.RespondAsync(await acts.List(context.Message, context.CancellationToken));
}
