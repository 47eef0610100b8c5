using MassTransit;

namespace Billing.Service.Alerts;

sealed class SetBalanceAlertConsumer(BalanceAlerts alerts) : IConsumer<SetBalanceAlert>
{
    public async Task Consume(ConsumeContext<SetBalanceAlert> context) =>
        await context.RespondAsync(await alerts.Set(context.Message, context.CancellationToken));
}
