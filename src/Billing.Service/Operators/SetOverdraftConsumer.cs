using MassTransit;

namespace Billing.Service.Operators;

sealed class SetOverdraftConsumer(Overdrafts overdrafts) : IConsumer<SetOverdraft>
{
    public async Task Consume(ConsumeContext<SetOverdraft> context) =>
        await context.RespondAsync(await overdrafts.Set(context.Message, context.CancellationToken));
}
