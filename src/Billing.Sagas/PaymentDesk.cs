using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Billing.Sagas;

/// <summary>Where money is looked at that is not what was ordered. Whatever is written here commits with the message that brought it.</summary>
static class PaymentDesk
{
    /// <summary>Remembers why a payment cannot be credited by itself; nothing when it can.</summary>
    public static EventActivityBinder<RechargeState, PaymentSucceeded> Judge(this EventActivityBinder<RechargeState, PaymentSucceeded> binder) => binder.ThenAsync(async context =>
        context.Saga.Reason = RechargeRules.WhyNotAsOrdered(context.Saga, context.Message)
            ?? (await context.Service<RechargesDb>().PaymentClaims.FindAsync([context.Message.PaymentId], context.CancellationToken) is null ? null : RechargeReasons.PaymentIdReused));

    /// <summary>A payment pays one recharge. Two that claim it at once: the key stops the second, whose repeat then sees the first.</summary>
    public static EventActivityBinder<RechargeState, PaymentSucceeded> ClaimPayment(this EventActivityBinder<RechargeState, PaymentSucceeded> binder) => binder.Then(context =>
    {
        context.Saga.Credit = context.Saga.Amount;
        context.Service<RechargesDb>().PaymentClaims.Add(new PaymentClaim { PaymentId = context.Message.PaymentId, RechargeId = context.Saga.CorrelationId });
    });

    public static EventActivityBinder<RechargeState, T> AskForReview<T>(this EventActivityBinder<RechargeState, T> binder) where T : class =>
        binder.Publish(context => context.RechargeNeedsReview());

    public static EventActivityBinder<RechargeState, PaymentSucceeded> KeepUnmatched(
        this EventActivityBinder<RechargeState, PaymentSucceeded> binder, Func<BehaviorContext<RechargeState, PaymentSucceeded>, string> reason) =>
        binder.ThenAsync(context => Keep(context, UnmatchedPayment.Of(context.Message, reason(context))));

    public static Task KeepUnknown(ConsumeContext<PaymentSucceeded> context) => Keep(context, UnmatchedPayment.Of(context.Message, RechargeReasons.UnknownRecharge));

    public static Task KeepUnknown(ConsumeContext<PaymentRefunded> context) => Keep(context, UnmatchedPayment.Of(context.Message, RechargeReasons.UnknownRecharge));

    /// <summary>Once, however often the same is told.</summary>
    public static async Task Keep(ConsumeContext context, UnmatchedPayment payment)
    {
        var db = context.Service<RechargesDb>();
        if (await db.UnmatchedPayments.AnyAsync(known => known.UnmatchedId == payment.UnmatchedId, context.CancellationToken)) return;

        payment.ReceivedAt = context.Now();
        db.UnmatchedPayments.Add(payment);
        await context.Publish(new PaymentUnmatched
        {
            UnmatchedId = payment.UnmatchedId,
            Reason = payment.Reason,
            RechargeId = payment.RechargeId,
            PaymentId = payment.PaymentId,
            RefundId = payment.RefundId,
            Amount = payment.Amount,
            Currency = payment.Currency,
            ReceivedAt = payment.ReceivedAt,
        }, context.CancellationToken);
    }
}
