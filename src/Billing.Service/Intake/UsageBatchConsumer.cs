using Billing.Service.Batching;
using Billing.Service.Charging;
using Billing.Service.Ledger;
using MassTransit;

namespace Billing.Service.Intake;

/// <summary>
/// Many usages a message, each checked and charged on its own. Acknowledged after the last of its commits; dying between two of
/// them has the message delivered again, and the usage ids turn what is charged into nothing.
/// </summary>
sealed class UsageBatchConsumer(ChargingBatcher batcher, IRules rules, ChargingDelay delay) : IConsumer<IncomingUsageBatch>
{
    public async Task Consume(ConsumeContext<IncomingUsageBatch> context)
    {
        // Not a batch at all: into the error queue with its reason, where an operator sees it.
        var operations = Operations(context.Message.TakeItems() ?? throw new MessageException(typeof(UsageBatch), "A UsageBatch has an array 'items'."));

        using var tracked = delay.Track(context);
        await batcher.Submit(operations, Urgency.Bulk);
        tracked.Charged();
    }

    Operation[] Operations(IReadOnlyList<UsageFields?> items)
    {
        var operations = new Operation[items.Count];
        for (var i = 0; i < operations.Length; i++) operations[i] = UsageShape.ToOperation(items[i] ?? new UsageFields { Raw = "null" }, rules.Currency);
        return operations;
    }
}
