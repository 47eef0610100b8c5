using Billing.Sagas.Doors;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Billing.Sagas.Desk;

/// <summary>An operator says whose an unmatched payment is. The decision and the message that carries it out commit together, once.</summary>
public sealed class Assignments
{
    readonly RechargesDb _db;
    readonly ISendEndpointProvider _endpoints;
    readonly OrderRules _rules;
    readonly TimeProvider _time;

    internal Assignments(RechargesDb db, ISendEndpointProvider endpoints, OrderRules rules, TimeProvider time) => (_db, _endpoints, _rules, _time) = (db, endpoints, rules, time);

    /// <summary>For HTTP: decides and commits. Two operators at once: the second is told what the first decided.</summary>
    public async Task<UnmatchedPaymentStatus> AssignNow(AssignPayment decision, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await Assign(decision, cancellationToken);
            await _db.SaveChangesAsync(cancellationToken);
            return answer;
        }
        catch (DbUpdateException)
        {
            _db.ChangeTracker.Clear();
            var answer = await Assign(decision, cancellationToken);
            await _db.SaveChangesAsync(cancellationToken);
            return answer;
        }
    }

    /// <summary>Decides; whoever calls commits.</summary>
    internal async Task<UnmatchedPaymentStatus> Assign(AssignPayment decision, CancellationToken cancellationToken)
    {
        if (await _db.UnmatchedPayments.SingleOrDefaultAsync(known => known.UnmatchedId == decision.UnmatchedId, cancellationToken) is not { } payment)
            return UnmatchedAnswers.Refused(decision.UnmatchedId, (ErrorCodes.PaymentNotFound, $"There is no unmatched payment {decision.UnmatchedId}."));
        if (await WhatIsWrongWith(decision, payment, cancellationToken) is { } wrong) return UnmatchedAnswers.Refused(decision.UnmatchedId, wrong);

        if (payment.ResolvedAt is null) await Resolve(payment, decision, cancellationToken);
        return UnmatchedAnswers.Status(payment);
    }

    async Task Resolve(UnmatchedPayment payment, AssignPayment decision, CancellationToken cancellationToken)
    {
        payment.ResolvedAt = _time.GetUtcNow();
        payment.Actor = decision.Actor;
        payment.Resolution = decision.Reason;
        payment.AssignedTo = decision.UserId is null ? decision.RechargeId : payment.UnmatchedId;
        payment.AssignedUserId = decision.UserId;
        payment.Version++;
        if (decision.UserId is not null) _db.PaymentClaims.Add(new PaymentClaim { PaymentId = payment.PaymentId!, RechargeId = payment.UnmatchedId });
        _db.History.Add(new RechargeHistory
        {
            RechargeId = payment.AssignedTo ?? payment.UnmatchedId,
            At = payment.ResolvedAt.Value,
            MessageId = payment.UnmatchedId,
            Event = nameof(AssignPayment),
            State = payment.AssignedTo is null ? "SettledElsewhere" : "Assigned",
            Actor = decision.Actor,
            Reason = decision.Reason,
        });

        if (decision.UserId is { } userId) await Send(new CreditUnmatchedPayment
        {
            UnmatchedId = payment.UnmatchedId,
            UserId = userId,
            PaymentId = payment.PaymentId!,
            Amount = payment.Amount,
            Currency = payment.Currency!,
        }, cancellationToken);

        if (decision.RechargeId is { } rechargeId)
        {
            var recharge = await _db.Recharges.AsNoTracking().SingleAsync(known => known.CorrelationId == rechargeId, cancellationToken);
            await Send(new PaymentRefunded
            {
                RechargeId = rechargeId,
                PaymentId = recharge.PaidPaymentId ?? payment.PaymentId!,
                // An id of its own: the refund's id may stand with that recharge already, as what could not be taken back.
                RefundId = $"unmatched:{payment.UnmatchedId}",
                Amount = payment.Amount,
                Currency = payment.Currency!,
            }, cancellationToken);
        }
    }

    async Task Send<T>(T message, CancellationToken cancellationToken) where T : class =>
        await (await _endpoints.GetSendEndpoint(new Uri($"exchange:{RechargeQueues.Recharges}"))).Send(message, cancellationToken);

    async Task<(string Code, string Detail)?> WhatIsWrongWith(AssignPayment decision, UnmatchedPayment payment, CancellationToken cancellationToken)
    {
        if (RechargeRules.WhatIsWrongWith(decision) is { } wrong) return wrong;
        if (payment.ResolvedAt is not null)
            return payment.AssignedUserId == decision.UserId && (decision.UserId is not null || payment.AssignedTo == decision.RechargeId)
                ? null
                : (ErrorCodes.PaymentResolved, $"{payment.Actor} resolved it at {payment.ResolvedAt:O}: {payment.Resolution}");
        if (decision.UserId is not null && (payment.RefundId is not null || payment.PaymentId is null || payment.Amount <= Money.Zero))
            return (ErrorCodes.InvalidAssignment, "Only a payment with an id and an amount can be credited to a user.");
        if (decision.UserId is not null && payment.Currency != _rules.Currency)
            return (ErrorCodes.CurrencyMismatch, $"It was paid in {payment.Currency}; accounts are in {_rules.Currency}. Mark it as settled elsewhere, and adjust the balance if need be.");
        if (decision.UserId is not null && await PaymentDesk.WhoHas(_db, payment.PaymentId, payment.UnmatchedId, cancellationToken) is { } credited) return credited;
        if (decision.RechargeId is not { } rechargeId) return null;

        if (payment.RefundId is null) return (ErrorCodes.InvalidAssignment, "Only a refund can be taken back from a recharge; a payment is credited to a user.");
        return await _db.Recharges.AnyAsync(known => known.CorrelationId == rechargeId, cancellationToken) ? null : (ErrorCodes.RechargeNotFound, $"There is no recharge {rechargeId}.");
    }
}
