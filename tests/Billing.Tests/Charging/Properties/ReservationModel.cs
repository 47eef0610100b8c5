using System.Numerics;
using Billing.Service.Charging.Reservations;

namespace Billing.Tests.Charging.Properties;

/// <summary>
/// The rules of reservations once more, in unbounded integers, one operation at a time. What is held is never kept as a sum: it is
/// added up from the reservations each time, so that a hold that leaks shows.
/// </summary>
sealed class ReservationModel
{
    static readonly BigInteger Cent = 10_000_000;

    sealed class Held
    {
        public required string User, Service, Asked;
        public required int Month;
        public BigInteger FreeUnits, Money, UnitMost, Used;
        public BigInteger? Final;
        public DateTimeOffset Until;
        public int Step;
        public string StepAsked = "";
        public bool Closed;
    }

    readonly Dictionary<(string User, Guid Id), Held> _reservations = [];
    readonly Dictionary<Guid, (Usage Usage, BigInteger Free, BigInteger Paid, (string, string, int) Quota, bool Reversed)> _charged = [];
    readonly Dictionary<Guid, (string User, BigInteger Amount)> _credits = [];

    public Dictionary<string, BigInteger> Balances { get; } = [];
    public Dictionary<(string User, string Service, int Month), BigInteger> FreeUsed { get; } = [];

    public BigInteger HeldMoney(string user) => _reservations.Where(held => held.Key.User == user).Aggregate(BigInteger.Zero, (sum, held) => sum + held.Value.Money);

    public BigInteger HeldFree(string user, string service, int month) => _reservations.Values
        .Where(held => (held.User, held.Service, held.Month) == (user, service, month)).Aggregate(BigInteger.Zero, (sum, held) => sum + held.FreeUnits);

    public string Do(Operation operation, DateTimeOffset now)
    {
        Balances.TryAdd(operation.UserId!, 0);
        return operation switch
        {
            HoldFunds hold => Reserve(hold, now),
            ExtendHold extend => Extend(extend, now),
            ReleaseHold release => Release(release, now),
            SweepHold sweep => Sweep(sweep, now),
            ChargeUsage charge => Charge(charge.Usage, now, before: false),
            DeductUsage deduct => Charge(deduct.Usage, now, before: true),
            CreditRecharge credit => Credit(credit),
            GiveBackUsage reverse => Reverse(reverse),
            _ => throw new InvalidOperationException(),
        };
    }

    string Reserve(HoldFunds hold, DateTimeOffset now)
    {
        var asked = $"{hold.Service} {hold.Quantity} {hold.Cost} {hold.GrantFor}";
        if (_reservations.TryGetValue((hold.Owner, hold.ReservationId), out var known)) return known.Asked == asked ? "reserved again" : "operation_id_reused";
        if (hold.Deadline < now) return "request_expired";

        var held = new Held { User = hold.Owner, Service = hold.Service, Asked = asked, Month = Month(now) };
        if (!SetAside(held, hold.Quantity, hold.Cost?.Nanos, now, hold.GrantFor)) return "insufficient_funds";
        _reservations[(hold.Owner, hold.ReservationId)] = held;
        return "reserved";
    }

    string Extend(ExtendHold extend, DateTimeOffset now)
    {
        if (!_reservations.TryGetValue((extend.Owner, extend.ReservationId), out var held)) return "reservation_not_found";
        var asked = $"{extend.Quantity} {extend.Cost} {extend.GrantFor}";
        if (extend.Step == held.Step) return asked == held.StepAsked ? "reserved again" : "operation_id_reused";
        if (extend.Step < held.Step) return "step_passed";
        if (extend.Deadline < now) return "request_expired";
        if (held.Closed || now > held.Until.AddMinutes(10) || held.Final is not null) return "reservation_closed";
        var gateway = held.Service is Shop.Llm or Shop.Agent;
        if (gateway && extend is { Quantity: > 0, Cost: null }) return "cost_missing";
        if (!gateway && extend.Cost is not null) return "cost_not_allowed";
        if (!SetAside(held, extend.Quantity, gateway ? extend.Cost?.Nanos ?? 0 : null, now, extend.GrantFor)) return "insufficient_funds";
        (held.Step, held.StepAsked) = (extend.Step, asked);
        return "reserved";
    }

    bool SetAside(Held held, BigInteger quantity, BigInteger? cost, DateTimeOffset now, TimeSpan grantFor)
    {
        var free = BigInteger.Min(quantity, FreeLeft(held.User, held.Service, held.Month));
        var unit = UnitMost(held.Service);
        var money = cost is { } named ? quantity.IsZero ? named : HalfUp(named * (quantity - free), quantity) : unit * (quantity - free);
        if (!money.IsZero && money > Balances[held.User] - HeldMoney(held.User)) return false;
        held.FreeUnits += free;
        held.Money += money;
        held.UnitMost = cost is null ? unit : 0;
        if (now + grantFor > held.Until) held.Until = now + grantFor;
        return true;
    }

    string Release(ReleaseHold release, DateTimeOffset now)
    {
        if (!_reservations.TryGetValue((release.Owner, release.ReservationId), out var held)) return "reservation_not_found";
        if (held.Closed) return "released again";
        if (held.Final is { } said) return said == release.UsedQuantity ? "released again" : "operation_id_reused";

        var onTheWay = release.UsedQuantity is { } used && now <= held.Until.AddMinutes(10) ? used - held.Used : 0;
        if (onTheWay <= 0)
        {
            Close(held);
            return "released";
        }
        var free = BigInteger.Min(onTheWay, held.FreeUnits);
        if (held.Service is not (Shop.Llm or Shop.Agent)) held.Money = BigInteger.Min(held.Money, held.UnitMost * (onTheWay - free));
        held.FreeUnits = free;
        held.Final = release.UsedQuantity;
        return "released";
    }

    string Sweep(SweepHold sweep, DateTimeOffset now)
    {
        if (!_reservations.TryGetValue((sweep.Owner, sweep.ReservationId), out var held)) return "reservation_not_found";
        if (held.Closed || now <= held.Until.AddMinutes(10)) return "released again";
        Close(held);
        return "released";
    }

    static void Close(Held held) => (held.FreeUnits, held.Money, held.Closed) = (0, 0, true);

    string Charge(Usage usage, DateTimeOffset now, bool before)
    {
        if (_charged.TryGetValue(usage.UsageId, out var known)) return known.Usage == usage ? "charged again" : "usage_id_reused";
        var held = usage.ReservationId is { } id ? _reservations.GetValueOrDefault((usage.UserId, id)) : null;
        if (held?.Service != usage.Service) held = null;
        if (held is not null && !held.Closed && now > held.Until.AddMinutes(10)) Close(held);
        if (held is { Closed: true }) held = null;

        var cost = CostOf(usage);
        var month = held is not null && !held.FreeUnits.IsZero ? held.Month : Month(usage.OccurredAt);
        var heldFree = BigInteger.Min(usage.Quantity, held?.FreeUnits ?? 0);
        var heldMoney = held?.Money ?? 0;
        // One unit after the other: from the hold while its money reaches, then free, then from the balance.
        BigInteger covered = 0, rest = usage.Quantity - heldFree;
        if (HalfUp(cost * rest, usage.Quantity) <= heldMoney) covered = rest;
        else while (covered < rest && (covered + 1) * cost <= heldMoney * usage.Quantity) covered++;
        var more = BigInteger.Min(rest - covered, FreeLeft(usage.UserId, usage.Service, month));
        var paid = HalfUp(cost * (rest - more), usage.Quantity);
        if (before && !paid.IsZero && paid > Balances[usage.UserId] - HeldMoney(usage.UserId)) return "insufficient_funds";

        Balances[usage.UserId] -= paid;
        var quota = (usage.UserId, usage.Service, month);
        if (!(heldFree + more).IsZero) FreeUsed[quota] = FreeUsed.GetValueOrDefault(quota) + heldFree + more;
        _charged[usage.UsageId] = (usage, heldFree + more, paid, quota, false);
        if (held is null) return "charged";

        held.FreeUnits -= heldFree;
        held.Money -= BigInteger.Min(held.Money, paid);
        held.Used += usage.Quantity;
        if (held.Used >= held.Final) Close(held);
        return "charged";
    }

    string Credit(CreditRecharge credit)
    {
        if (_credits.TryGetValue(credit.RechargeId, out var known)) return known == (credit.Owner, credit.Amount.Nanos) ? "entered again" : "operation_id_reused";
        _credits[credit.RechargeId] = (credit.Owner, credit.Amount.Nanos);
        Balances[credit.Owner] += credit.Amount.Nanos;
        return "entered";
    }

    string Reverse(GiveBackUsage reverse)
    {
        if (!_charged.TryGetValue(reverse.UsageId, out var charged) || charged.Usage.UserId != reverse.Owner) return "usage_not_found";
        if (charged.Reversed) return "entered again";
        _charged[reverse.UsageId] = charged with { Reversed = true };
        Balances[reverse.Owner] += charged.Paid;
        if (!charged.Free.IsZero) FreeUsed[charged.Quota] -= charged.Free;
        return "entered";
    }

    BigInteger FreeLeft(string user, string service, int month) => FreeOf(service, month) - FreeUsed.GetValueOrDefault((user, service, month)) - HeldFree(user, service, month);

    static int Month(DateTimeOffset at) => at.UtcDateTime.Year * 12 + at.UtcDateTime.Month;

    static BigInteger FreeOf(string service, int month) => service switch
    {
        Shop.Call or Shop.Agent => 10,
        Shop.Search => month < 2026 * 12 + 7 ? 5 : 20,
        _ => 0,
    };

    static BigInteger UnitMost(string service) => service switch { Shop.Call or Shop.Ocr => Cent, Shop.Search => 2 * Cent, Shop.Crumb => 1, _ => 0 };

    static BigInteger CostOf(Usage usage) => usage.Service switch
    {
        Shop.Crumb => HalfUp(usage.Quantity, 3),
        Shop.Llm or Shop.Agent => usage.Cost!.Value.Nanos,
        var service => UnitMost(service) * usage.Quantity,
    };

    static BigInteger HalfUp(BigInteger dividend, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(dividend, divisor, out var rest);
        return rest + rest >= divisor ? quotient + 1 : quotient;
    }
}
