using MassTransit;

namespace Billing.Sagas.Doors;

sealed class PaymentFailedConsumer : IConsumer<IncomingPaymentFailed>
{
    public Task Consume(ConsumeContext<IncomingPaymentFailed> context) => Doorman.LetIn(context, context.Message.Body, PaymentNotices.Failed(context.Message.Body));
}
