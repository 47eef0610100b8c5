using Billing.Service.Charging;
using Billing.Service.Intake;
using Billing.Service.Ledger;
using Billing.Service.Quota.Caching;
using Microsoft.Extensions.Options;

namespace Billing.Service.Quota;

/// <summary>
/// Answers <see cref="CheckQuota"/> and <see cref="CheckQuotas"/> for every door: a yes from the cache where it has one, everything else
/// from the database. Creates nothing and sets nothing aside.
/// </summary>
public sealed class QuotaChecks(AccountLookup accounts, IRules rules, ChargingDelay delay, TimeProvider time, IOptions<QuotaOptions> options)
{
    public const int AtOnceMax = 500;

    public async Task<QuotaStatus> Check(CheckQuota request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        try
        {
            var current = await rules.CurrentFor([request.Service], cancellationToken);
            if (Price(request, current, now, out var priced) is { } code) return No(request, code, now);

            var month = current.Calendar.MonthOf(now);
            var seen = await accounts.Look(request.UserId, month);
            if (FromCache(request, priced, seen, month) is { } known)
            {
                accounts.Answered(fromCache: 1, fromDatabase: 0);
                return known;
            }
            accounts.Answered(fromCache: 0, fromDatabase: 1);
            var (account, earlier) = await accounts.Read(request.UserId, month, seen, cancellationToken);
            var answer = Answer(request, priced, Funds.Of(account, priced, month, now));
            if (!earlier || !IsForLackOfFunds(answer)) return answer;
            // Others had asked before: what made it a yes may have been committed since they did.
            (account, _) = await accounts.Read(request.UserId, month, seen, cancellationToken);
            return Answer(request, priced, Funds.Of(account, priced, month, now));
        }
        catch (Exception exception) when (accounts.IsAway(exception))
        {
            return No(request, ErrorCodes.DatabaseUnavailable, now);
        }
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
            var seen = await accounts.Look(asked.Where(one => one.Code is null).Select(one => one.Request.UserId), month);
            var answers = asked.ConvertAll(one => one.Code is not null ? No(one.Request, one.Code, now) : FromCache(one.Request, one.Priced, seen[one.Request.UserId], month));
            var open = Enumerable.Range(0, asked.Count).Where(i => answers[i] is null).ToList();
            accounts.Answered(fromCache: asked.Count(one => one.Code is null) - open.Count, fromDatabase: open.Count);
            var users = open.Select(i => asked[i].Request.UserId).ToHashSet(StringComparer.Ordinal);
            var read = await accounts.Read(seen.Where(one => users.Contains(one.Key)).ToDictionary(StringComparer.Ordinal), month, cancellationToken);
            foreach (var i in open) answers[i] = Answer(asked[i].Request, asked[i].Priced, Funds.Of(read.GetValueOrDefault(asked[i].Request.UserId), asked[i].Priced, month, now));
            return new QuotaStatuses { Items = answers! };
        }
        catch (Exception exception) when (accounts.IsAway(exception))
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

    /// <summary>Null when the cache does not know enough, or not enough money: only the database may say that it does not suffice.</summary>
    QuotaStatus? FromCache(CheckQuota request, Priced priced, CacheReading seen, DateOnly month) =>
        seen.Account is { } account && Answer(request, priced, Funds.Of(account, priced, month)) is var answer && !IsForLackOfFunds(answer) ? answer : null;

    static bool IsForLackOfFunds(QuotaStatus answer) => answer.Reason == ErrorCodes.InsufficientFunds;

    QuotaStatus Answer(CheckQuota request, Priced priced, Funds known)
    {
        var split = ChargeSplit.Of(request.Quantity, priced.Cost, known.FreeUnitsLeft);
        var covered = known.Money.Cover(split.Amount);
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
            FreeUnitsLeft = known.FreeUnitsLeft,
            Available = known.Money.Available,
            Currency = rules.Currency,
            AsOf = known.AsOf,
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

    /// <summary>What there is to pay with.</summary>
    readonly record struct Funds(AccountFunds Money, long FreeUnitsLeft, DateTimeOffset AsOf)
    {
        public static Funds Of(CachedAccount account, Priced priced, DateOnly month) => new(
            account.Funds.Funds, account.QuotaOf(priced.Service.ServiceId, month)?.Left ?? priced.Service.FreeUnitsIn(month), account.Funds.AsOf);

        /// <summary>A user whom no operation has named yet has no money, and the catalogue's free quota.</summary>
        public static Funds Of(AccountView? account, Priced priced, DateOnly month, DateTimeOffset now) =>
            account is null ? new(default, priced.Service.FreeUnitsIn(month), now) : Of(CachedAccount.Of(account), priced, month);
    }

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
