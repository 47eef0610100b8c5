using MassTransit;

namespace Billing.Service.Catalogues;

sealed class ChangePriceConsumer(CatalogueChanges changes) : IConsumer<IncomingPrice>
{
    public async Task Consume(ConsumeContext<IncomingPrice> context) =>
        await context.RespondAsync(await changes.ChangePrice(context.Message, context.CancellationToken));
}
