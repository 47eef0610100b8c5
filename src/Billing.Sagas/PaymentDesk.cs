using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Billing.Sagas;

/// <summary>Where money is looked at that is not what was ordered. Whatever is written here commits with the message that brought it.</summary>
static class PaymentDesk
{
    /// <summary>Remembers why a payment cannot be credited by itself; nothing when it can.</summary>
    public static EventActivityBinder<RechargeState, PaymentSucceeded> Judge(this EventActivityBinder<RechargeState, PaymentSucceeded> binder) => binder.ThenAsync(async context =>
    {
        context.Saga.Reason = RechargeRules.WhyNotAsOrdered(context.Saga, context.Message)
            ?? (await WhoHas(context.Service<RechargesDb>(), context.Message.PaymentId, context.Saga.CorrelationId, context.CancellationToken) is null ? null : RechargeReasons.PaymentIdReused);
        if (context.Saga.Reason is null) context.Saga.Credit = context.Saga.Amount;
    });

    /// <summary>
    /// A payment pays one recharge. Two that claim it at once: the key stops the second, or it sees here what was committed since it was
    /// judged; its repeat is judged anew.
    /// </summary>
    public static EventActivityBinder<RechargeState, T> ClaimPayment<T>(this EventActivityBinder<RechargeState, T> binder) where T : class => binder.ThenAsync(async context =>
    {
        var (db, recharge) = (context.Service<RechargesDb>(), context.Saga);
        if (await db.PaymentClaims.FindAsync([recharge.PaidPaymentId], context.CancellationToken) is not { } claim)
            db.PaymentClaims.Add(new PaymentClaim { PaymentId = recharge.PaidPaymentId!, RechargeId = recharge.CorrelationId });
        else if (claim.RechargeId != recharge.CorrelationId)
            throw new InvalidOperationException($"Payment {claim.PaymentId} was claimed for recharge {claim.RechargeId} while recharge {recharge.CorrelationId} was about to.");
    });

    /// <summary>What is wrong with an operator's decision on a recharge; null when nothing is.</summary>
    public static async Task<(string Code, string Detail)?> WhatIsWrongWith(BehaviorContext<RechargeState, ResolveRecharge> context) =>
        RechargeRules.WhatIsWrongWith(context.Message, context.Saga)
        ?? (context.Message.Credit is null ? null : await WhoHas(context.Service<RechargesDb>(), context.Saga.PaidPaymentId, context.Saga.CorrelationId, context.CancellationToken));

    /// <summary>The refusal to credit a payment that has paid another recharge; null when it has not.</summary>
    public static async Task<(string Code, string Detail)?> WhoHas(RechargesDb db, string? paymentId, Guid rechargeId, CancellationToken cancellationToken) =>
        paymentId is not null && await db.PaymentClaims.FindAsync([paymentId], cancellationToken) is { } claim && claim.RechargeId != rechargeId
            ? (ErrorCodes.PaymentCredited, $"Payment {paymentId} is credited as recharge {claim.RechargeId}.")
            : null;

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
