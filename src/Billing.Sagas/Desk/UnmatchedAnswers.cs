namespace Billing.Sagas.Desk;

/// <summary>What an operator is told of an unmatched payment.</summary>
static class UnmatchedAnswers
{
    public static UnmatchedPaymentStatus Refused(Guid unmatchedId, (string Code, string Detail) wrong) => new() { UnmatchedId = unmatchedId, Code = wrong.Code, Detail = wrong.Detail };

    public static UnmatchedPaymentStatus Status(UnmatchedPayment payment) => new()
    {
        UnmatchedId = payment.UnmatchedId,
        Reason = payment.Reason,
        RechargeId = payment.RechargeId,
        PaymentId = payment.PaymentId,
        RefundId = payment.RefundId,
        Amount = payment.Amount,
        Currency = payment.Currency,
        ReceivedAt = payment.ReceivedAt,
        ResolvedAt = payment.ResolvedAt,
        Actor = payment.Actor,
        Resolution = payment.Resolution,
        AssignedTo = payment.AssignedTo,
    };
}
