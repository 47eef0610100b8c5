using MassTransit;

namespace Billing.Sagas.Doors;

sealed class PaymentRefundedConsumer : IConsumer<IncomingPaymentRefunded>
{
    public Task Consume(ConsumeContext<IncomingPaymentRefunded> context) => Doorman.LetIn(context, context.Message.Body, PaymentNotices.Refunded(context.Message.Body));
}
