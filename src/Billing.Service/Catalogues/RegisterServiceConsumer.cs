using MassTransit;

namespace Billing.Service.Catalogues;

sealed class RegisterServiceConsumer(CatalogueChanges changes) : IConsumer<IncomingService>
{
    public async Task Consume(ConsumeContext<IncomingService> context) =>
        await context.RespondAsync(await changes.Register(context.Message, context.CancellationToken));
}
