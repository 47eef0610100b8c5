using MassTransit;

namespace Billing.Service.Catalogues;

sealed class ChangeFreeQuotaConsumer(CatalogueChanges changes) : IConsumer<IncomingFreeQuota>
{
    public async Task Consume(ConsumeContext<IncomingFreeQuota> context) =>
        await context.RespondAsync(await changes.ChangeFreeQuota(context.Message, context.CancellationToken));
}
