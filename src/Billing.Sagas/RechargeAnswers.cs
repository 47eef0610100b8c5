using MassTransit;

namespace Billing.Sagas;

/// <summary>Who asked is answered by the same commit that changed what they asked about.</summary>
static class RechargeAnswers
{
    /// <summary>Who asks again and again is answered as often, within reason.</summary>
    const int WaitingMax = 64;

    public static EventActivityBinder<RechargeState, T> LetRequesterWait<T>(this EventActivityBinder<RechargeState, T> binder) where T : class => binder.Then(context =>
    {
        if (Requester.Of(context) is { } requester) context.Saga.Waiting = [.. context.Saga.Waiting.TakeLast(WaitingMax - 1), requester];
    });

    public static EventActivityBinder<RechargeState, T> AnswerAllWhoWait<T>(this EventActivityBinder<RechargeState, T> binder) where T : class => binder.ThenAsync(async context =>
    {
        foreach (var requester in context.Saga.Waiting) await requester.Tell(context, Status(context.Saga));
        if (context.Saga.Waiting.Count > 0) context.Saga.Waiting = [];
    });

    public static EventActivityBinder<RechargeState, T> Answer<T>(this EventActivityBinder<RechargeState, T> binder, string? code = null) where T : class =>
        binder.ThenAsync(context => Respond(context, Status(context.Saga) with { Code = code, Detail = code is null ? null : Detail(code, context.Saga) }));

    public static EventActivityBinder<RechargeState, ResolveRecharge> AnswerProblem(this EventActivityBinder<RechargeState, ResolveRecharge> binder) => binder.ThenAsync(async context =>
    {
        var (code, detail) = (await PaymentDesk.WhatIsWrongWith(context))!.Value;
        await Respond(context, Status(context.Saga) with { Code = code, Detail = detail });
    });

    public static Task NotFound(ConsumeContext<ResolveRecharge> context) => Respond(context, NotFound(context.Message.RechargeId));

    public static RechargeStatus NotFound(Guid rechargeId) => Refused(ErrorCodes.RechargeNotFound, $"There is no recharge {rechargeId}.");

    public static RechargeStatus Refused(string code, string detail) => new() { RechargeId = Guid.Empty, State = RechargeStates.Refused, Code = code, Detail = detail };

    public static RechargeStatus KeyReused(RechargeState recharge) =>
        Status(recharge) with { Code = ErrorCodes.IdempotencyKeyReused, Detail = Detail(ErrorCodes.IdempotencyKeyReused, recharge) };

    public static RechargeStatus NotInReview(RechargeState recharge) =>
        Status(recharge) with { Code = ErrorCodes.RechargeNotInReview, Detail = Detail(ErrorCodes.RechargeNotInReview, recharge) };

    /// <summary>Safe in the outbox, and not seen by its recharge yet.</summary>
    public static RechargeStatus Ordered(Guid rechargeId, StartRecharge order) => new()
    {
        RechargeId = rechargeId,
        State = RechargeStates.Pending,
        UserId = order.UserId,
        Amount = order.Amount,
        Currency = order.Currency,
        Channel = order.Channel,
    };

    public static RechargeStatus Status(RechargeState recharge) => new()
    {
        RechargeId = recharge.CorrelationId,
        State = StateNames.OnTheWire(recharge.CurrentState),
        UserId = recharge.UserId,
        Amount = recharge.Amount,
        Currency = recharge.Currency,
        Channel = recharge.Channel,
        PayUrl = recharge.PayUrl,
        PaymentId = recharge.PaidPaymentId ?? recharge.PaymentId,
        Reason = recharge.Reason,
        Late = recharge.Late,
        Credited = recharge.CompletedAt is null ? Money.Zero : recharge.Credit,
        Refunded = recharge.Refunded,
        StartedAt = recharge.StartedAt,
        ExpiresAt = recharge.ExpiresAt,
        CompletedAt = recharge.CompletedAt,
    };

    static string Detail(string code, RechargeState recharge) => code == ErrorCodes.IdempotencyKeyReused
        ? $"This key has ordered {recharge.Amount} {recharge.Currency} by {recharge.Channel} already; that order stands."
        : $"The recharge is {StateNames.OnTheWire(recharge.CurrentState)}.";

    static Task Respond(ConsumeContext context, RechargeStatus status) => Requester.Of(context)?.Tell(context, status) ?? Task.CompletedTask;
}
