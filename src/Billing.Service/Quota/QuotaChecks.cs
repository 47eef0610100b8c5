using Billing.Service.Charging;
using Billing.Service.Intake;
using Billing.Service.Ledger;
using Microsoft.Extensions.Options;

namespace Billing.Service.Quota;

/// <summary>Answers <see cref="CheckQuota"/> for every door, from the database. Creates nothing and sets nothing aside.</summary>
public sealed class QuotaChecks(ILedgerStore store, IRules rules, ChargingDelay delay, TimeProvider time, IOptions<QuotaOptions> options)
{
    public async Task<QuotaStatus> Check(CheckQuota request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (Problem(request) is { } code) return No(request, code, now);

        var current = rules.Current;
        Priced priced;
        try
        {
            if (Pricing.Of(request.Service, request.Quantity, CostOf(request, current), now, current.Catalogue, out priced) is { } refusal) return No(request, refusal.Code, now);
        }
        catch (OverflowException)
        {
            return No(request, ErrorCodes.AmountOverflow, now);
        }

        var month = current.Calendar.MonthOf(now);
        AccountView? account;
        try
        {
            account = await store.Read(request.UserId, month, cancellationToken);
        }
        catch (Exception exception) when (store.Classify(exception) == FailureKind.Unavailable)
        {
            return No(request, ErrorCodes.DatabaseUnavailable, now);
        }
        return Answer(request, priced, account, month, account?.AsOf ?? now);
    }

    QuotaStatus Answer(CheckQuota request, Priced priced, AccountView? account, DateOnly month, DateTimeOffset asOf)
    {
        // A user whom no operation has named yet has no money, and the catalogue's free quota.
        var quota = account?.FreeQuotas.FirstOrDefault(row => row.Key.ServiceId == priced.Service.ServiceId);
        var freeUnitsLeft = quota?.Left ?? priced.Service.FreeUnitsIn(month);
        var funds = account?.Funds ?? default;
        var split = ChargeSplit.Of(request.Quantity, priced.Cost, freeUnitsLeft);
        var covered = funds.Cover(split.Amount);
        var lag = delay.Current;
        var delayed = lag > options.Value.ChargingDelayMax;
        var allowed = covered && (!delayed || options.Value.AllowWhenChargingIsDelayed);

        return new QuotaStatus
        {
            UserId = request.UserId,
            Service = request.Service,
            Quantity = request.Quantity,
            Allowed = allowed,
            Reason = !covered ? ErrorCodes.InsufficientFunds : delayed ? ErrorCodes.ChargingDelayed : null,
            PaidFrom = allowed ? PaidFrom(split) : null,
            FreeUnits = split.FreeUnits,
            Amount = split.Amount,
            FreeUnitsLeft = freeUnitsLeft,
            Available = funds.Available,
            Currency = rules.Currency,
            AsOf = asOf,
            ChargingDelayMs = (long)lag.TotalMilliseconds,
        };
    }

    static string PaidFrom(ChargeSplit split) => split switch
    {
        { PaidUnits: 0 } => "free_quota",
        { FreeUnits: 0 } => "balance",
        _ => "both",
    };

    static string? Problem(CheckQuota request)
    {
        if (!Name.IsValid(request.UserId)) return ErrorCodes.InvalidUserId;
        if (!Name.IsValid(request.Service)) return ErrorCodes.InvalidService;
        if (request.Quantity is < 1 or > Charging.Usage.QuantityMax) return ErrorCodes.InvalidQuantity;
        return request.Cost is { IsNegative: true } ? ErrorCodes.InvalidCost : null;
    }

    // Whether any call at all could be paid is a fair question before the gateway knows the cost.
    static Money? CostOf(CheckQuota request, ChargingRules rules) =>
        request.Cost ?? (rules.Catalogue.Find(request.Service)?.PricedBy == PricedBy.Gateway ? Money.Zero : null);

    QuotaStatus No(CheckQuota request, string reason, DateTimeOffset now) => new()
    {
        UserId = request.UserId ?? "",
        Service = request.Service ?? "",
        Quantity = request.Quantity,
        Allowed = false,
        Reason = reason,
        FreeUnits = 0,
        Amount = Money.Zero,
        FreeUnitsLeft = 0,
        Available = Money.Zero,
        Currency = rules.Currency,
        AsOf = now,
        ChargingDelayMs = (long)delay.Current.TotalMilliseconds,
    };
}
