using MassTransit;

namespace Billing.Service.Catalogues;

sealed class GetCatalogueConsumer(CatalogueAnswers catalogue) : IConsumer<GetCatalogue>
{
    public async Task Consume(ConsumeContext<GetCatalogue> context) =>
        await context.RespondAsync(await catalogue.Get(context.CancellationToken));
}
