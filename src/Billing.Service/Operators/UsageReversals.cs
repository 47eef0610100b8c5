using Billing.Service.Batching;
using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Operators;

/// <summary>Answers <see cref="ReverseUsage"/> for every door.</summary>
public sealed class UsageReversals(ChargingBatcher batcher, IRules rules)
{
    public async Task<UsageReversal> Reverse(ReverseUsage request, CancellationToken cancellationToken)
    {
        if (Problem(request) is { } wrong) return Refused(request, wrong);
        try
        {
            var outcomes = await batcher.Submit([new GiveBackUsage(request.UsageId, request.UserId, request.Actor, request.Reason)], Urgency.Interactive, cancellationToken);
            return outcomes[0] switch
            {
                Entered entered => new UsageReversal
                {
                    UsageId = request.UsageId,
                    Reversed = true,
                    Duplicate = entered.Duplicate,
                    Amount = entered.Entry.Amount,
                    FreeUnits = entered.FreeUnits,
                    Balance = entered.Entry.BalanceAfter,
                    Currency = rules.Currency,
                },
                Refused refused => Refused(request, refused.Refusal),
                var other => throw new InvalidOperationException($"A reversal cannot end as {other.GetType().Name}."),
            };
        }
        catch (LedgerUnavailableException exception)
        {
            return Refused(request, new Refusal(ErrorCodes.DatabaseUnavailable, exception.Message));
        }
    }

    static Refusal? Problem(ReverseUsage request)
    {
        if (request.UsageId == Guid.Empty) return new(ErrorCodes.InvalidUsageId, "usageId is a UUID, not all zero.");
        if (!Name.IsValid(request.UserId)) return new(ErrorCodes.InvalidUserId, $"A user id is {Name.Rule}.");
        return Signature.Problem(request.Actor, request.Reason);
    }

    UsageReversal Refused(ReverseUsage request, Refusal refusal) => new()
    {
        UsageId = request.UsageId,
        Reversed = false,
        Code = refusal.Code,
        Detail = refusal.Detail,
        Currency = rules.Currency,
    };
}
