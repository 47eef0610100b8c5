using MassTransit;

namespace Billing.Sagas.Doors;

sealed class PaymentSucceededConsumer : IConsumer<IncomingPaymentSucceeded>
{
    public Task Consume(ConsumeContext<IncomingPaymentSucceeded> context) => Doorman.LetIn(context, context.Message.Body, PaymentNotices.Succeeded(context.Message.Body));
}
