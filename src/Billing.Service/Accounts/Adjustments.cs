using Billing.Service.Batching;
using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.Service.Operators;

namespace Billing.Service.Accounts;

/// <summary>Answers <see cref="AdjustBalance"/> for every door.</summary>
public sealed class Adjustments(ChargingBatcher batcher, IRules rules)
{
    public async Task<BalanceAdjustment> Adjust(AdjustBalance request, CancellationToken cancellationToken)
    {
        if (Problem(request) is { } wrong) return Refused(request, wrong);
        var operation = new AdjustFunds(request.AdjustmentId, request.UserId, request.Amount, request.Actor, request.Reason);
        try
        {
            var outcomes = await batcher.Submit([operation], Urgency.Interactive, cancellationToken);
            return outcomes[0] switch
            {
                Entered entered => new BalanceAdjustment
                {
                    AdjustmentId = request.AdjustmentId,
                    Applied = true,
                    Duplicate = entered.Duplicate,
                    Amount = entered.Entry.Amount,
                    Balance = entered.Entry.BalanceAfter,
                    Currency = rules.Currency,
                },
                Refused refused => Refused(request, refused.Refusal),
                var other => throw new InvalidOperationException($"An adjustment cannot end as {other.GetType().Name}."),
            };
        }
        catch (LedgerUnavailableException exception)
        {
            return Refused(request, new Refusal(ErrorCodes.DatabaseUnavailable, exception.Message));
        }
    }

    Refusal? Problem(AdjustBalance request)
    {
        if (request.AdjustmentId == Guid.Empty) return new(ErrorCodes.InvalidOperationId, "adjustmentId is a UUID, not all zero.");
        if (!Name.IsValid(request.UserId)) return new(ErrorCodes.InvalidUserId, $"A user id is {Name.Rule}.");
        if (request.Amount == Money.Zero) return new(ErrorCodes.InvalidAmount, "amount is a decimal string other than zero, such as \"12.34\" or \"-5.00\".");
        if (request.Currency is { } currency && currency != rules.Currency) return new(ErrorCodes.CurrencyMismatch, $"currency is '{currency}'; \"{rules.Currency}\" is billed here.");
        return Signature.Problem(request.Actor, request.Reason);
    }

    BalanceAdjustment Refused(AdjustBalance request, Refusal refusal) => new()
    {
        AdjustmentId = request.AdjustmentId,
        Applied = false,
        Code = refusal.Code,
        Detail = refusal.Detail,
        Currency = rules.Currency,
    };
}
