using Billing.Service.Charging;

namespace Billing.Service.Recharges;

/// <summary>What the ledger's half of a recharge accepts: any field may be missing on the wire.</summary>
static class RechargeShape
{
    public static Refusal? Problem(CreditAccount credit, string currency) =>
        Problem(credit.RechargeId, credit.UserId, credit.Amount, credit.Currency, currency);

    public static Refusal? Problem(RefundCredit refund, string currency) =>
        Name.IsValid(refund.RefundId)
            ? Problem(refund.RechargeId, refund.UserId, refund.Amount, refund.Currency, currency)
            : new(ErrorCodes.InvalidOperationId, $"refundId is {Name.Rule}.");

    static Refusal? Problem(Guid rechargeId, string? userId, Money amount, string? named, string currency)
    {
        if (rechargeId == Guid.Empty) return new(ErrorCodes.InvalidOperationId, "rechargeId is a UUID, not all zero.");
        if (!Name.IsValid(userId)) return new(ErrorCodes.InvalidUserId, $"A user id is {Name.Rule}.");
        if (amount <= Money.Zero) return new(ErrorCodes.InvalidAmount, "amount is a decimal string of more than zero, such as \"12.34\".");
        if (named != currency) return new(ErrorCodes.CurrencyMismatch, $"currency is '{Printable.Of(named ?? "", 16)}'; \"{currency}\" is billed here.");
        return null;
    }
}
