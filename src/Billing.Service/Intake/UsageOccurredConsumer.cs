using Billing.Service.Batching;
using Billing.Service.Ledger;
using MassTransit;

namespace Billing.Service.Intake;

/// <summary>One usage a message. Acknowledged only after its own commit: returning is the acknowledgement.</summary>
sealed class UsageOccurredConsumer(ChargingBatcher batcher, IRules rules, ChargingDelay delay) : IConsumer<IncomingUsage>
{
    public async Task Consume(ConsumeContext<IncomingUsage> context)
    {
        using var tracked = delay.Track(context);
        await batcher.Submit([UsageShape.ToOperation(context.Message.Fields, rules.Currency)], Urgency.Bulk);
        tracked.Charged();
    }
}
