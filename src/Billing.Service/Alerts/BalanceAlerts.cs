using Billing.Service.Batching;
using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.Service.Operators;

namespace Billing.Service.Alerts;

/// <summary>Answers <see cref="SetBalanceAlert"/> for every door.</summary>
public sealed class BalanceAlerts(ChargingBatcher batcher, IRules rules)
{
    public async Task<BalanceAlertSetting> Set(SetBalanceAlert request, CancellationToken cancellationToken)
    {
        if (Problem(request) is { } wrong) return Refused(request, wrong);
        var operation = new WatchBalance(request.OperationId, request.UserId, request.Threshold, request.Actor, request.Reason);
        try
        {
            var outcomes = await batcher.Submit([operation], Urgency.Interactive, cancellationToken);
            return outcomes[0] switch
            {
                BalanceWatched watched => new BalanceAlertSetting
                {
                    OperationId = request.OperationId,
                    UserId = request.UserId,
                    Applied = true,
                    Duplicate = watched.Duplicate,
                    Before = watched.Before,
                    After = watched.After,
                    Available = watched.Available,
                    Currency = rules.Currency,
                },
                Refused refused => Refused(request, refused.Refusal),
                var other => throw new InvalidOperationException($"A threshold cannot end as {other.GetType().Name}."),
            };
        }
        catch (LedgerUnavailableException exception)
        {
            return Refused(request, new Refusal(ErrorCodes.DatabaseUnavailable, exception.Message));
        }
    }

    Refusal? Problem(SetBalanceAlert request)
    {
        if (request.OperationId == Guid.Empty) return new(ErrorCodes.InvalidOperationId, "operationId is a UUID, not all zero.");
        if (!Name.IsValid(request.UserId)) return new(ErrorCodes.InvalidUserId, $"A user id is {Name.Rule}.");
        if (request.Threshold is { IsNegative: true }) return new(ErrorCodes.InvalidAmount, "threshold is a decimal string of zero or more, such as \"5.00\", or absent.");
        if (request.Currency is { } currency && currency != rules.Currency) return new(ErrorCodes.CurrencyMismatch, $"currency is '{Printable.Of(currency, 16)}'; \"{rules.Currency}\" is billed here.");
        return Signature.Problem(request.Actor, request.Reason);
    }

    BalanceAlertSetting Refused(SetBalanceAlert request, Refusal refusal) => new()
    {
        OperationId = request.OperationId,
        UserId = request.UserId ?? "",
        Applied = false,
        Code = refusal.Code,
        Detail = refusal.Detail,
        Currency = rules.Currency,
    };
}
