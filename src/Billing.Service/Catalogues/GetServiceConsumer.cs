using MassTransit;

namespace Billing.Service.Catalogues;

sealed class GetServiceConsumer(CatalogueAnswers catalogue) : IConsumer<GetService>
{
    public async Task Consume(ConsumeContext<GetService> context) =>
        await context.RespondAsync(await catalogue.Get(context.Message.Service, context.CancellationToken));
}
