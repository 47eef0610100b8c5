using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Sagas;

/// <summary>The verbs of the story: what is remembered of each event.</summary>
static class RechargeActions
{
    public static EventActivityBinder<RechargeState, StartRecharge> RememberOrder(this EventActivityBinder<RechargeState, StartRecharge> binder, RechargeOptions options) => binder.Then(context =>
    {
        var (recharge, order) = (context.Saga, context.Message);
        recharge.UserId = order.UserId;
        recharge.Amount = order.Amount;
        recharge.Currency = order.Currency;
        recharge.Channel = order.Channel;
        recharge.IdempotencyKey = order.IdempotencyKey;
        recharge.StartedAt = context.Now();
        recharge.ExpiresAt = recharge.StartedAt + options.ExpiresAfter;
    });

    /// <summary>A recharge that nobody ordered: an operator has said whose the money is.</summary>
    public static EventActivityBinder<RechargeState, CreditUnmatchedPayment> RememberAssignedPayment(this EventActivityBinder<RechargeState, CreditUnmatchedPayment> binder) => binder.Then(context =>
    {
        var (recharge, payment) = (context.Saga, context.Message);
        recharge.UserId = payment.UserId;
        recharge.Amount = recharge.PaidAmount = payment.Amount;
        recharge.Currency = recharge.PaidCurrency = payment.Currency;
        recharge.Channel = "assigned";
        recharge.IdempotencyKey = $"unmatched:{payment.UnmatchedId}";
        recharge.PaymentId = recharge.PaidPaymentId = payment.PaymentId;
        recharge.StartedAt = recharge.ExpiresAt = context.Now();
        recharge.PaidAt = recharge.StartedAt;
        recharge.Credit = payment.Amount;
    });

    public static EventActivityBinder<RechargeState, PaymentCreated> RememberPayUrl(this EventActivityBinder<RechargeState, PaymentCreated> binder) => binder.Then(context =>
    {
        context.Saga.PaymentId = context.Message.PaymentId;
        context.Saga.PayUrl = context.Message.PayUrl;
    });

    public static EventActivityBinder<RechargeState, PaymentSucceeded> RememberPayment(
        this EventActivityBinder<RechargeState, PaymentSucceeded> binder, Func<RechargeState, bool> late) => binder.Then(context =>
    {
        var (recharge, payment) = (context.Saga, context.Message);
        recharge.PaidPaymentId = payment.PaymentId;
        recharge.PaidAmount = payment.Amount;
        recharge.PaidCurrency = payment.Currency;
        recharge.PaidAt = payment.PaidAt?.ToUniversalTime() ?? context.Now();
        recharge.Late = late(recharge);
    });

    public static EventActivityBinder<RechargeState, PaymentFailed> RememberFailure(this EventActivityBinder<RechargeState, PaymentFailed> binder) =>
        binder.Then(context => context.Saga.Reason = context.Message.Reason);

    public static EventActivityBinder<RechargeState, AccountCredited> RememberCredit(this EventActivityBinder<RechargeState, AccountCredited> binder) => binder.Then(context =>
    {
        context.Saga.Credit = context.Message.Amount;
        context.Saga.BalanceAfter = context.Message.Balance;
        context.Saga.CompletedAt = context.Message.CreditedAt;
        context.Saga.Reason = null;
    });

    public static EventActivityBinder<RechargeState, CreditRefused> RememberRefusal(this EventActivityBinder<RechargeState, CreditRefused> binder) =>
        binder.Then(context => context.Saga.Reason = RechargeReasons.RefusedByLedger);

    public static EventActivityBinder<RechargeState, ResolveRecharge> RememberDecision(this EventActivityBinder<RechargeState, ResolveRecharge> binder) => binder.Then(context =>
    {
        context.Saga.ResolvedCredit = context.Message.Credit;
        context.Saga.ResolvedAt = context.Now();
        context.Saga.Credit = context.Message.Credit ?? Money.Zero;
    });

    /// <summary>Told again, the ledger answers again: it credits a recharge once.</summary>
    public static EventActivityBinder<RechargeState, T> SendCreditAccount<T>(this EventActivityBinder<RechargeState, T> binder) where T : class =>
        binder.Publish(context => new CreditAccount
        {
            RechargeId = context.Saga.CorrelationId,
            UserId = context.Saga.UserId,
            Amount = context.Saga.Credit,
            Currency = context.Saga.Currency,
        });

    /// <summary>Nobody waits longer than the contract says.</summary>
    public static EventActivityBinder<RechargeState, T> AnswerInTime<T>(this EventActivityBinder<RechargeState, T> binder, Schedule<RechargeState, RechargeAnswerDue> due, RechargeOptions options) where T : class =>
        binder.If(context => context.Saga is { Waiting.Count: > 0, AnswerToken: null }, waits => waits
            .Schedule(due, context => new RechargeAnswerDue { RechargeId = context.Saga.CorrelationId }, _ => options.AnswerWithin));

    public static EventActivityBinder<RechargeState, T> LookAgain<T>(this EventActivityBinder<RechargeState, T> binder, Schedule<RechargeState, RechargeLookDue> look, TimeSpan after) where T : class =>
        binder.Schedule(look, context => new RechargeLookDue { RechargeId = context.Saga.CorrelationId }, _ => after);

    /// <summary>After the expiry on a slower beat, and one day no more.</summary>
    public static EventActivityBinder<RechargeState, T> LookLater<T>(this EventActivityBinder<RechargeState, T> binder, Schedule<RechargeState, RechargeLookDue> look, RechargeOptions options) where T : class =>
        binder.If(context => context.Saga.LateLooks < options.LateQueries.Count, more => more
            .Schedule(look, context => new RechargeLookDue { RechargeId = context.Saga.CorrelationId }, context => options.LateQueries[context.Saga.LateLooks])
            .Then(context => context.Saga.LateLooks++));

    public static DateTimeOffset Now(this PipeContext context) => context.Service<TimeProvider>().GetUtcNow();

    /// <summary>A service of the scope in which this message is consumed: the database's is the one that the outbox commits.</summary>
    public static T Service<T>(this PipeContext context) where T : notnull => context.GetPayload<IServiceProvider>().GetRequiredService<T>();
}
