using Microsoft.EntityFrameworkCore;

namespace Billing.Sagas.Doors;

/// <summary>
/// Orders and operators' decisions that come in over HTTP. They are answered from the recharge itself, so that any instance may have
/// worked on it.
/// </summary>
public sealed class RechargeOrders
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    readonly RechargesDb _db;
    readonly OutboxDoor _door;
    readonly OrderRules _rules;
    readonly RechargeOptions _options;
    readonly TimeProvider _time;

    internal RechargeOrders(RechargesDb db, OutboxDoor door, OrderRules rules, RechargeOptions options, TimeProvider time) =>
        (_db, _door, _rules, _options, _time) = (db, door, rules, options, time);

    /// <summary>Orders, and waits for the pay URL for as long as a requester on the broker would.</summary>
    public async Task<RechargeStatus> Start(StartRecharge order, CancellationToken cancellationToken)
    {
        if (_rules.WhatIsWrongWith(order) is { } wrong) return RechargeAnswers.Refused(wrong.Code, wrong.Detail);

        var id = RechargeId.Of(order.UserId, order.IdempotencyKey);
        if (await Find(id, cancellationToken) is null) await _door.LetIn(order, cancellationToken);

        var recharge = await Watch(id, known => known.CurrentState != nameof(RechargeStateMachine.Pending) || !RechargeRules.IsTheSameOrder(known, order), cancellationToken);
        if (recharge is null) return RechargeAnswers.Ordered(id, order);
        return RechargeRules.IsTheSameOrder(recharge, order) ? RechargeAnswers.Status(recharge) : RechargeAnswers.KeyReused(recharge);
    }

    /// <summary>An operator's decision on a recharge that needs review.</summary>
    public async Task<RechargeStatus> Resolve(ResolveRecharge decision, CancellationToken cancellationToken)
    {
        if (await Find(decision.RechargeId, cancellationToken) is not { } recharge) return RechargeAnswers.NotFound(decision.RechargeId);
        if (recharge.CurrentState != nameof(RechargeStateMachine.NeedsReview))
            return RechargeRules.IsTheDecisionTaken(recharge, decision) ? RechargeAnswers.Status(recharge) : RechargeAnswers.NotInReview(recharge);
        if ((RechargeRules.WhatIsWrongWith(decision, recharge) ?? await WhoHas(decision, recharge, cancellationToken)) is { } wrong)
            return RechargeAnswers.Status(recharge) with { Code = wrong.Code, Detail = wrong.Detail };

        await _door.LetIn(decision, cancellationToken);
        recharge = await Watch(decision.RechargeId, known => known.CurrentState != nameof(RechargeStateMachine.NeedsReview), cancellationToken) ?? recharge;
        return recharge.CurrentState == nameof(RechargeStateMachine.NeedsReview) || RechargeRules.IsTheDecisionTaken(recharge, decision) ? RechargeAnswers.Status(recharge) : RechargeAnswers.NotInReview(recharge);
    }

    async Task<(string Code, string Detail)?> WhoHas(ResolveRecharge decision, RechargeState recharge, CancellationToken cancellationToken) =>
        decision.Credit is null ? null : await PaymentDesk.WhoHas(_db, recharge.PaidPaymentId, recharge.CorrelationId, cancellationToken);

    /// <summary>The recharge once it is as wished, or as it is when time is up; null when it is not there by then.</summary>
    async Task<RechargeState?> Watch(Guid id, Func<RechargeState, bool> isAsWished, CancellationToken cancellationToken)
    {
        var until = _time.GetUtcNow() + _options.AnswerWithin;
        while (true)
        {
            var recharge = await Find(id, cancellationToken);
            if ((recharge is not null && isAsWished(recharge)) || _time.GetUtcNow() >= until) return recharge;
            await Task.Delay(Look, _time, cancellationToken);
        }
    }

    Task<RechargeState?> Find(Guid id, CancellationToken cancellationToken) =>
        _db.Recharges.AsNoTracking().SingleOrDefaultAsync(recharge => recharge.CorrelationId == id, cancellationToken);
}
