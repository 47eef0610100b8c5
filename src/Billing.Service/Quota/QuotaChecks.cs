using Billing.Service.Charging;
using Billing.Service.Intake;
using Billing.Service.Ledger;
using Billing.Service.Queries;
using Microsoft.Extensions.Options;

namespace Billing.Service.Quota;

/// <summary>Answers <see cref="CheckQuota"/> and <see cref="CheckQuotas"/> for every door, from the database. Creates nothing and sets nothing aside.</summary>
public sealed class QuotaChecks(ILedgerStore store, IAccountsReader reader, IRules rules, ChargingDelay delay, TimeProvider time, IOptions<QuotaOptions> options)
{
    public const int AtOnceMax = 500;

    public async Task<QuotaStatus> Check(CheckQuota request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        Priced priced;
        DateOnly month;
        AccountView? account;
        try
        {
            var current = await rules.CurrentFor([request.Service], cancellationToken);
            if (Price(request, current, now, out priced) is { } code) return No(request, code, now);
            month = current.Calendar.MonthOf(now);
            account = await store.Read(request.UserId, month, cancellationToken);
        }
        catch (Exception exception) when (store.Classify(exception) == FailureKind.Unavailable)
        {
            return No(request, ErrorCodes.DatabaseUnavailable, now);
        }
        return Answer(request, priced, account, month, account?.AsOf ?? now);
    }

    /// <summary>All of them in one round trip, each as if it were the only one. A check that makes no sense is answered in its place, and sinks no other.</summary>
    public async Task<QuotaStatuses> Check(IReadOnlyList<UsageFields?>? items, CancellationToken cancellationToken)
    {
        if (items is null) return new QuotaStatuses { Code = ErrorCodes.InvalidRequest, Detail = "items is missing; send an array of checks." };
        if (items.Count > AtOnceMax) return new QuotaStatuses { Code = ErrorCodes.TooMany, Detail = $"The request has {items.Count} checks; {AtOnceMax} are the most." };

        var now = time.GetUtcNow();
        try
        {
            var current = await rules.CurrentFor(items.Select(item => item?.Service.Value), cancellationToken);
            var month = current.Calendar.MonthOf(now);
            var asked = items.Select(item => Asked.Of(item, current, now)).ToList();
            var users = asked.Where(one => one.Code is null).Select(one => one.Request.UserId).ToHashSet(StringComparer.Ordinal);
            var accounts = users.Count == 0 ? new Dictionary<string, AccountView>() : await reader.Read(users, month, cancellationToken);
            return new QuotaStatuses
            {
                Items = asked.ConvertAll(one =>
                {
                    if (one.Code is not null) return No(one.Request, one.Code, now);
                    var account = accounts.GetValueOrDefault(one.Request.UserId);
                    return Answer(one.Request, one.Priced, account, month, account?.AsOf ?? now);
                }),
            };
        }
        catch (Exception exception) when (store.Classify(exception) == FailureKind.Unavailable)
        {
            return new QuotaStatuses { Code = ErrorCodes.DatabaseUnavailable, Detail = "The database is not available; ask again." };
        }
    }

    /// <summary>Null when the calls have a price; otherwise why not.</summary>
    static string? Price(CheckQuota request, ChargingRules current, DateTimeOffset now, out Priced priced)
    {
        priced = default;
        if (Problem(request) is { } code) return code;
        try
        {
            return Pricing.Of(request.Service, request.Quantity, CostOf(request, current), now, current.Catalogue, out priced)?.Code;
        }
        catch (OverflowException)
        {
            return ErrorCodes.AmountOverflow;
        }
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

    /// <summary>One check of many: what could be read of it, and its price or why it has none.</summary>
    sealed record Asked(CheckQuota Request, string? Code, Priced Priced)
    {
        public static Asked Of(UsageFields? fields, ChargingRules current, DateTimeOffset now)
        {
            var request = new CheckQuota
            {
                UserId = fields?.UserId.Value ?? "",
                Service = fields?.Service.Value ?? "",
                Quantity = fields is { Quantity.IsPresent: true } ? fields.Quantity.Value : 1,
                Cost = fields is { Cost.Has: true } ? fields.Cost.Value : null,
            };
            // A cost that cannot be read is not an absent one.
            if (fields is { Cost.IsUnreadable: true }) return new Asked(request, Problem(request) ?? ErrorCodes.InvalidCost, default);
            var code = Price(request, current, now, out var priced);
            return new Asked(request, code, priced);
        }
    }
}
