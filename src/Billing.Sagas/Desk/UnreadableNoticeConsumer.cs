using Billing.Sagas.Doors;
using MassTransit;

namespace Billing.Sagas.Desk;

/// <summary>Keeps what could not be read, with its body, where an operator sees it.</summary>
sealed class UnreadableNoticeConsumer : IConsumer<UnreadableNotice>
{
    public Task Consume(ConsumeContext<UnreadableNotice> context) => PaymentDesk.Keep(context, UnmatchedPayment.Of(context.Message));
}
