using Billing.Service.Intake;
using MassTransit;

namespace Billing.Service.Reservations;

sealed class ExtendReservationConsumer(ReservationDesk desk) : IConsumer<ExtendReservation>
{
    public async Task Consume(ConsumeContext<ExtendReservation> context) =>
        await context.RespondAsync(await desk.Extend(context.Message, context.SentAt(), context.CancellationToken));
}
