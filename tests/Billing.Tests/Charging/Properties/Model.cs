using System.Numerics;

namespace Billing.Tests.Charging.Properties;

/// <summary>
/// The rules once more, written down apart from the engine: unbounded integers, one operation at a time, plain prices. It shares
/// no arithmetic with what it judges.
/// </summary>
sealed class Model
{
    static readonly BigInteger Cent = 10_000_000;
    static readonly TimeZoneInfo Zone = TimeZoneInfo.Utc;

    readonly Dictionary<Guid, (string User, Usage Usage, BigInteger Free, BigInteger Paid, (string, string, int) Quota)> _charged = [];
    readonly Dictionary<(Type, Guid), (string User, BigInteger Amount)> _entered = [];
    readonly Dictionary<(Guid Recharge, string Refund), BigInteger> _refunds = [];

    public Dictionary<string, BigInteger> Balances { get; } = [];
    public Dictionary<(string User, string Service, int Month), BigInteger> FreeUsed { get; } = [];

    /// <summary>What must become of the operation: "charged", "entered", with "again" for a repeat, or the code of the refusal.</summary>
    public string Do(Operation operation)
    {
        Balances.TryAdd(operation.UserId!, 0);
        return operation switch
        {
            ChargeUsage charge => Charge(charge.Usage, deadline: null),
            DeductUsage deduct => Charge(deduct.Usage, deduct.Deadline),
            CreditRecharge credit => Enter(typeof(CreditRecharge), credit.RechargeId, credit.Owner, credit.Amount.Nanos),
            TakeBackCredit refund => TakeBack(refund),
            AdjustFunds adjust => Enter(typeof(AdjustFunds), adjust.AdjustmentId, adjust.Owner, adjust.Amount.Nanos),
            GiveBackUsage reverse => Reverse(reverse),
            _ => throw new InvalidOperationException(),
        };
    }

    string Charge(Usage usage, DateTimeOffset? deadline)
    {
        if (_charged.TryGetValue(usage.UsageId, out var known))
            return known.User == usage.UserId && known.Usage == usage ? "charged again" : "usage_id_reused";
        if (deadline < Shop.Now) return "request_expired";
        if ((Shop.Now - usage.OccurredAt).TotalDays > 35) return "usage_too_old";
        if (CostOf(usage) is not { } cost) return "unknown_service";

        var local = TimeZoneInfo.ConvertTime(usage.OccurredAt, Zone);
        var quota = (usage.UserId, usage.Service, local.Year * 12 + local.Month);
        var free = BigInteger.Min(usage.Quantity, FreeOf(usage.Service) - FreeUsed.GetValueOrDefault(quota));
        var amount = HalfUp(cost * (usage.Quantity - free), usage.Quantity);
        if (deadline is not null && !amount.IsZero && amount > Balances[usage.UserId]) return "insufficient_funds";

        Balances[usage.UserId] -= amount;
        if (!free.IsZero) FreeUsed[quota] = FreeUsed.GetValueOrDefault(quota) + free;
        _charged[usage.UsageId] = (usage.UserId, usage, free, amount, quota);
        return "charged";
    }

    string Enter(Type kind, Guid id, string user, BigInteger amount)
    {
        if (_entered.TryGetValue((kind, id), out var known)) return known == (user, amount) ? "entered again" : "operation_id_reused";
        _entered[(kind, id)] = (user, amount);
        Balances[user] += amount;
        return "entered";
    }

    string TakeBack(TakeBackCredit refund)
    {
        if (!_entered.TryGetValue((typeof(CreditRecharge), refund.RechargeId), out var credit) || credit.User != refund.Owner) return "recharge_not_credited";
        if (_refunds.TryGetValue((refund.RechargeId, refund.RefundId), out var known)) return known == refund.Amount.Nanos ? "entered again" : "operation_id_reused";
        var before = _refunds.Where(other => other.Key.Recharge == refund.RechargeId).Aggregate(BigInteger.Zero, (sum, other) => sum + other.Value);
        if (before + refund.Amount.Nanos > credit.Amount) return "refund_exceeds_credit";
        _refunds[(refund.RechargeId, refund.RefundId)] = refund.Amount.Nanos;
        Balances[refund.Owner] -= refund.Amount.Nanos;
        return "entered";
    }

    string Reverse(GiveBackUsage reverse)
    {
        if (!_charged.TryGetValue(reverse.UsageId, out var charged) || charged.User != reverse.Owner) return "usage_not_found";
        var said = Enter(typeof(GiveBackUsage), reverse.UsageId, reverse.Owner, charged.Paid);
        if (said == "entered" && !charged.Free.IsZero) FreeUsed[charged.Quota] -= charged.Free;
        return said;
    }

    static BigInteger? CostOf(Usage usage) => usage.Service switch
    {
        Shop.Call or Shop.Ocr => Cent * usage.Quantity,
        Shop.Token => HalfUp(15 * Cent * usage.Quantity, 1000),
        Shop.Search => (usage.OccurredAt < new DateTimeOffset(2026, 6, 15, 0, 0, 0, TimeSpan.Zero) ? Cent : 2 * Cent) * usage.Quantity,
        Shop.Llm or Shop.Agent => usage.Cost!.Value.Nanos,
        _ => null,
    };

    static BigInteger FreeOf(string service) => service switch { Shop.Call or Shop.Agent => 10, Shop.Search => 5, _ => 0 };

    static BigInteger HalfUp(BigInteger dividend, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(dividend, divisor, out var rest);
        return rest + rest >= divisor ? quotient + 1 : quotient;
    }
}
