using MassTransit;

namespace Billing.Service.Queries;

sealed class GetStatisticsConsumer(StatisticsAnswers statistics) : IConsumer<GetStatistics>
{
    public async Task Consume(ConsumeContext<GetStatistics> context) => await context.RespondAsync(await statistics.Get(context.Message, context.CancellationToken));
}
