using MassTransit;

namespace Billing.Sagas.Doors;

sealed class PaymentCreatedConsumer : IConsumer<IncomingPaymentCreated>
{
    public Task Consume(ConsumeContext<IncomingPaymentCreated> context) => Doorman.LetIn(context, context.Message.Body, PaymentNotices.Created(context.Message.Body));
}
