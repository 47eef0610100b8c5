namespace Billing.Sagas;

/// <summary>What a message means for a recharge: values in, values out.</summary>
static class RechargeRules
{
    const int ActorLengthMax = 128;
    const int ReasonLengthMax = 500;

    public static bool IsTheSameOrder(RechargeState recharge, StartRecharge order) =>
        recharge.Amount == order.Amount && recharge.Currency == order.Currency && recharge.Channel == order.Channel;

    /// <summary>Why a payment is not what was ordered; null when it is. One of <see cref="RechargeReasons"/>.</summary>
    public static string? WhyNotAsOrdered(RechargeState recharge, PaymentSucceeded payment)
    {
        if (payment.Currency != recharge.Currency) return RechargeReasons.CurrencyMismatch;
        if (payment.Amount != recharge.Amount) return RechargeReasons.AmountMismatch;
        return recharge.PaymentId is { } created && created != payment.PaymentId ? RechargeReasons.PaymentIdMismatch : null;
    }

    /// <summary>A payment other than the one created for it says nothing of a recharge when it fails.</summary>
    public static bool ConcernsThisPayment(RechargeState recharge, PaymentFailed failure) =>
        recharge.PaymentId is not { } created || failure.PaymentId is null || failure.PaymentId == created;

    /// <summary>Told again what is known already.</summary>
    public static bool IsTheKnownPayment(RechargeState recharge, PaymentSucceeded payment) =>
        payment.PaymentId == recharge.PaidPaymentId && payment.Amount == recharge.PaidAmount && payment.Currency == recharge.PaidCurrency;

    /// <summary>Why money for a recharge that has been paid cannot be taken for anything; one of <see cref="RechargeReasons"/>.</summary>
    public static string WhyUnmatched(RechargeState recharge, PaymentSucceeded payment)
    {
        if (payment.PaymentId != recharge.PaidPaymentId)
            return recharge.CurrentState == nameof(RechargeStateMachine.Closed) ? RechargeReasons.RechargeClosed : RechargeReasons.SecondPayment;
        return payment.Currency != recharge.PaidCurrency ? RechargeReasons.CurrencyMismatch : RechargeReasons.AmountMismatch;
    }

    /// <summary>Why a refund cannot be taken from what was credited; null when it can. One of <see cref="RechargeReasons"/>.</summary>
    /// <param name="before">What is taken back already, or on its way.</param>
    public static string? WhyNotTakenBack(RechargeState recharge, Refund refund, Money before)
    {
        if (refund.Currency != recharge.Currency) return RechargeReasons.CurrencyMismatch;
        if (refund.PaymentId != recharge.PaidPaymentId) return RechargeReasons.PaymentIdMismatch;
        return refund.Amount > recharge.Credit - before ? RechargeReasons.RefundExceedsCredit : null;
    }

    /// <summary>What is wrong with an operator's decision; null when nothing is.</summary>
    public static (string Code, string Detail)? WhatIsWrongWith(ResolveRecharge decision, RechargeState recharge)
    {
        if (!IsText(decision.Actor, ActorLengthMax)) return (ErrorCodes.InvalidActor, $"actor says who decided, in 1 to {ActorLengthMax} printable characters.");
        if (!IsText(decision.Reason, ReasonLengthMax)) return (ErrorCodes.InvalidReason, $"reason says why, in 1 to {ReasonLengthMax} printable characters.");
        if (decision.Credit is not { } credit) return null;

        var most = recharge.PaidCurrency == recharge.Currency ? recharge.PaidAmount : recharge.Amount;
        return credit > Money.Zero && credit <= most
            ? null
            : (ErrorCodes.InvalidAmount, $"credit is more than zero and at most {most} {recharge.Currency}; leave it out to close the recharge.");
    }

    /// <summary>Whether an operator decided just so before.</summary>
    public static bool IsTheDecisionTaken(RechargeState recharge, ResolveRecharge decision) =>
        recharge.ResolvedAt is not null && recharge.ResolvedCredit == decision.Credit;

    /// <summary>What is wrong with who assigned a payment and why; null when nothing is.</summary>
    public static (string Code, string Detail)? WhatIsWrongWith(AssignPayment decision)
    {
        if (!IsText(decision.Actor, ActorLengthMax)) return (ErrorCodes.InvalidActor, $"actor says who decided, in 1 to {ActorLengthMax} printable characters.");
        if (!IsText(decision.Reason, ReasonLengthMax)) return (ErrorCodes.InvalidReason, $"reason says why, in 1 to {ReasonLengthMax} printable characters.");
        if (decision.UserId is { } userId && !Names.IsValid(userId)) return (ErrorCodes.InvalidUserId, $"A user id is {Names.Rule}.");
        return decision is { UserId: not null, RechargeId: not null } ? (ErrorCodes.InvalidAssignment, "Name a user for a payment, or a recharge for a refund, not both.") : null;
    }

    static bool IsText(string? text, int lengthMax) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= lengthMax && !text.Any(character => char.IsControl(character) || char.IsSurrogate(character));
}
