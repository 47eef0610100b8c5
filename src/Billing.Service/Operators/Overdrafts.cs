using Billing.Service.Batching;
using Billing.Service.Charging;
using Billing.Service.Ledger;

namespace Billing.Service.Operators;

/// <summary>Answers <see cref="SetOverdraft"/> for every door.</summary>
public sealed class Overdrafts(ChargingBatcher batcher, IRules rules)
{
    public async Task<OverdraftLimit> Set(SetOverdraft request, CancellationToken cancellationToken)
    {
        if (Problem(request) is { } wrong) return Refused(request, wrong);
        var operation = new LimitOverdraft(request.OperationId, request.UserId, request.Limit!.Value, request.Actor, request.Reason);
        try
        {
            var outcomes = await batcher.Submit([operation], Urgency.Interactive, cancellationToken);
            return outcomes[0] switch
            {
                OverdraftLimited limited => new OverdraftLimit
                {
                    OperationId = request.OperationId,
                    UserId = request.UserId,
                    Applied = true,
                    Duplicate = limited.Duplicate,
                    Before = limited.Before,
                    After = limited.After,
                    Available = limited.Available,
                    Currency = rules.Currency,
                },
                Refused refused => Refused(request, refused.Refusal),
                var other => throw new InvalidOperationException($"A limit cannot end as {other.GetType().Name}."),
            };
        }
        catch (LedgerUnavailableException exception)
        {
            return Refused(request, new Refusal(ErrorCodes.DatabaseUnavailable, exception.Message));
        }
    }

    Refusal? Problem(SetOverdraft request)
    {
        if (request.OperationId == Guid.Empty) return new(ErrorCodes.InvalidOperationId, "operationId is a UUID, not all zero.");
        if (!Name.IsValid(request.UserId)) return new(ErrorCodes.InvalidUserId, $"A user id is {Name.Rule}.");
        if (request.Limit is not { IsNegative: false }) return new(ErrorCodes.InvalidAmount, "limit is a decimal string of zero or more, such as \"50.00\".");
        if (request.Currency is { } currency && currency != rules.Currency) return new(ErrorCodes.CurrencyMismatch, $"currency is '{Printable.Of(currency, 16)}'; \"{rules.Currency}\" is billed here.");
        return Signature.Problem(request.Actor, request.Reason);
    }

    OverdraftLimit Refused(SetOverdraft request, Refusal refusal) => new()
    {
        OperationId = request.OperationId,
        UserId = request.UserId ?? "",
        Applied = false,
        Code = refusal.Code,
        Detail = refusal.Detail,
        Currency = rules.Currency,
    };
}
