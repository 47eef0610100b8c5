using Billing.Service.Batching;
using Billing.Service.Charging;
using Billing.Service.Ledger;
using MassTransit;

namespace Billing.Service.Recharges;

/// <summary>
/// Takes money of a recharge back. No inbox: the ledger's own key, derived from recharge and refund id, makes it exactly once, and a
/// repeat has its answer told again.
/// </summary>
sealed class RefundCreditConsumer(ChargingBatcher batcher, IRules rules) : IConsumer<RefundCredit>
{
    public async Task Consume(ConsumeContext<RefundCredit> context)
    {
        var refund = context.Message;
        if (RechargeShape.Problem(refund, rules.Currency) is { } wrong)
        {
            await Refuse(context, wrong);
            return;
        }

        var operation = new TakeBackCredit(refund.RechargeId, refund.RefundId, refund.UserId, refund.Amount);
        var outcomes = await batcher.Submit([operation], Urgency.Interactive, context.CancellationToken);
        switch (outcomes[0])
        {
            case Entered entered: await context.TellAgain(entered, refund.UserId, rules.Currency); break;
            case Refused refused: await Refuse(context, refused.Refusal); break;
            case var other: throw new InvalidOperationException($"A refund cannot end as {other.GetType().Name}.");
        }
    }

    static Task Refuse(ConsumeContext<RefundCredit> context, Refusal refusal) => context.Publish(new RefundRefused
    {
        RechargeId = context.Message.RechargeId,
        RefundId = context.Message.RefundId ?? "",
        Code = refusal.Code,
        Detail = refusal.Detail,
    });
}
