using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Billing.Sagas;

/// <summary>Money that goes back: once by its refund id, and never more than was credited.</summary>
static class RefundActions
{
    public static EventActivityBinder<RechargeState, PaymentRefunded> RememberRefund(this EventActivityBinder<RechargeState, PaymentRefunded> binder) => binder.ThenAsync(async context =>
    {
        var (db, message) = (context.Service<RechargesDb>(), context.Message);
        if (await db.Refunds.FindAsync([context.Saga.CorrelationId, message.RefundId], context.CancellationToken) is { } known)
        {
            if (known.Amount != message.Amount || known.Currency != message.Currency || known.PaymentId != message.PaymentId)
                await PaymentDesk.Keep(context, UnmatchedPayment.Of(message, RechargeReasons.RefundIdReused));
            else if (known.Progress == RefundProgress.Asked)
                AskAnew(context.Saga, known);
            return;
        }
        if (context.Saga.PaidPaymentId is { } paid && paid != message.PaymentId)
        {
            await PaymentDesk.Keep(context, UnmatchedPayment.Of(message, RechargeReasons.PaymentIdMismatch));
            return;
        }
        db.Refunds.Add(new Refund
        {
            RechargeId = context.Saga.CorrelationId,
            RefundId = message.RefundId,
            PaymentId = message.PaymentId,
            Amount = message.Amount,
            Currency = message.Currency,
            Progress = RefundProgress.Waits,
            ReceivedAt = context.Now(),
        });
    });

    public static EventActivityBinder<RechargeState, T> TakeBackWhatWaits<T>(this EventActivityBinder<RechargeState, T> binder) where T : class => binder.ThenAsync(async context =>
    {
        var (db, recharge) = (context.Service<RechargesDb>(), context.Saga);
        await db.Refunds.Where(refund => refund.RechargeId == recharge.CorrelationId).LoadAsync(context.CancellationToken);
        var refunds = db.Refunds.Local.Where(refund => refund.RechargeId == recharge.CorrelationId).ToList();
        var takenBack = new Money(refunds.Where(refund => refund.Progress is RefundProgress.Asked or RefundProgress.TakenBack).Sum(refund => refund.Amount.Nanos));

        foreach (var refund in refunds.Where(refund => refund.Progress == RefundProgress.Waits).OrderBy(refund => refund.ReceivedAt))
        {
            if (RechargeRules.WhyNotTakenBack(recharge, refund, takenBack) is { } reason)
            {
                refund.Progress = RefundProgress.Unmatched;
                await PaymentDesk.Keep(context, UnmatchedPayment.Of(refund, reason));
                continue;
            }
            refund.Progress = RefundProgress.Asked;
            recharge.OpenRefunds++;
            takenBack += refund.Amount;
            await context.Publish(new RefundCredit
            {
                RechargeId = recharge.CorrelationId,
                RefundId = refund.RefundId,
                UserId = recharge.UserId,
                Amount = refund.Amount,
                Currency = refund.Currency,
            }, context.CancellationToken);
        }
    });

    public static EventActivityBinder<RechargeState, CreditRefunded> RememberTakenBack(this EventActivityBinder<RechargeState, CreditRefunded> binder) => binder.ThenAsync(async context =>
    {
        var refund = await Known(context, context.Message.RefundId);
        if (refund.Progress == RefundProgress.TakenBack) return;
        if (refund.Progress == RefundProgress.Asked) context.Saga.OpenRefunds--;
        refund.Progress = RefundProgress.TakenBack;
        context.Saga.Refunded += refund.Amount;
    });

    public static EventActivityBinder<RechargeState, RefundRefused> RememberNotTakenBack(this EventActivityBinder<RechargeState, RefundRefused> binder) => binder.ThenAsync(async context =>
    {
        var refund = await Known(context, context.Message.RefundId);
        if (refund.Progress != RefundProgress.Asked) return;
        context.Saga.OpenRefunds--;
        refund.Progress = RefundProgress.Unmatched;
        await PaymentDesk.Keep(context, UnmatchedPayment.Of(refund, RechargeReasons.RefusedByLedger));
    });

    /// <summary>An answer may have been lost. Told again, the ledger answers again: it takes a refund once.</summary>
    public static EventActivityBinder<RechargeState, T> TakeBackAgain<T>(this EventActivityBinder<RechargeState, T> binder) where T : class => binder.ThenAsync(async context =>
    {
        var open = await context.Service<RechargesDb>().Refunds
            .Where(refund => refund.RechargeId == context.Saga.CorrelationId && refund.Progress == RefundProgress.Asked).ToListAsync(context.CancellationToken);
        foreach (var refund in open) AskAnew(context.Saga, refund);
    }).TakeBackWhatWaits();

    public static EventActivityBinder<RechargeState, T> LookWhileRefundsAreOpen<T>(
        this EventActivityBinder<RechargeState, T> binder, Schedule<RechargeState, RechargeLookDue> look, RechargeOptions options) where T : class =>
        binder.If(context => context.Saga.OpenRefunds > 0, open => open.LookAgain(look, options.CreditAgainAfter));

    static void AskAnew(RechargeState recharge, Refund refund)
    {
        refund.Progress = RefundProgress.Waits;
        recharge.OpenRefunds--;
    }

    static async Task<Refund> Known(SagaConsumeContext<RechargeState> context, string refundId) =>
        await context.Service<RechargesDb>().Refunds.FindAsync([context.Saga.CorrelationId, refundId], context.CancellationToken)
        ?? throw new InvalidOperationException($"The ledger speaks of refund {refundId} of recharge {context.Saga.CorrelationId}, which it was never told of.");
}
