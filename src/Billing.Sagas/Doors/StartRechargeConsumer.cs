using MassTransit;

namespace Billing.Sagas.Doors;

/// <summary>Answers a wrong order at once, and lets a right one in; the recharge answers it.</summary>
sealed class StartRechargeConsumer(OrderRules rules) : IConsumer<StartRecharge>
{
    public async Task Consume(ConsumeContext<StartRecharge> context)
    {
        if (rules.WhatIsWrongWith(context.Message) is { } wrong)
        {
            await context.RespondAsync(RechargeAnswers.Refused(wrong.Code, wrong.Detail));
            return;
        }
        await context.ForwardToRecharges();
    }
}
