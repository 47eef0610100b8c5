using Billing.Service.Intake;
using MassTransit;

namespace Billing.Service.Reservations;

sealed class ReserveQuotaConsumer(ReservationDesk desk) : IConsumer<ReserveQuota>
{
    public async Task Consume(ConsumeContext<ReserveQuota> context) =>
        await context.RespondAsync(await desk.Reserve(context.Message, context.SentAt(), context.CancellationToken));
}
