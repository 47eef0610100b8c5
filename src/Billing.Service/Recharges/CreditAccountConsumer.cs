using Billing.Service.Batching;
using Billing.Service.Charging;
using Billing.Service.Ledger;
using MassTransit;

namespace Billing.Service.Recharges;

/// <summary>
/// Credits a paid recharge. No inbox: the ledger's own key, the recharge's id, makes it exactly once, and a repeat has its answer
/// told again.
/// </summary>
sealed class CreditAccountConsumer(ChargingBatcher batcher, IRules rules) : IConsumer<CreditAccount>
{
    public async Task Consume(ConsumeContext<CreditAccount> context)
    {
        var credit = context.Message;
        if (RechargeShape.Problem(credit, rules.Currency) is { } wrong)
        {
            await Refuse(context, wrong);
            return;
        }

        var outcomes = await batcher.Submit([new CreditRecharge(credit.RechargeId, credit.UserId, credit.Amount)], Urgency.Interactive, context.CancellationToken);
        switch (outcomes[0])
        {
            case Entered entered: await context.TellAgain(entered, credit.UserId, rules.Currency); break;
            case Refused refused: await Refuse(context, refused.Refusal); break;
            case var other: throw new InvalidOperationException($"A credit cannot end as {other.GetType().Name}.");
        }
    }

    static Task Refuse(ConsumeContext<CreditAccount> context, Refusal refusal) => context.Publish(new CreditRefused
    {
        RechargeId = context.Message.RechargeId,
        Code = refusal.Code,
        Detail = refusal.Detail,
    });
}
