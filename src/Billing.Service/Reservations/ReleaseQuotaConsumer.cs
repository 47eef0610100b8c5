using MassTransit;

namespace Billing.Service.Reservations;

sealed class ReleaseQuotaConsumer(ReservationDesk desk) : IConsumer<ReleaseQuota>
{
    public async Task Consume(ConsumeContext<ReleaseQuota> context) =>
        await context.RespondAsync(await desk.Release(context.Message, context.CancellationToken));
}
