using Billing.Service.Charging;
using Billing.Service.Charging.Reservations;

namespace Billing.Service.Ledger;

/// <summary>What a batch must lock and read before it can be decided. No list names anything twice.</summary>
public sealed class BatchKeys
{
    readonly HashSet<string> _users;
    readonly HashSet<Guid> _usagesWithTime;
    readonly HashSet<Guid> _usagesWithoutTime = [];
    readonly HashSet<(string UserId, int ServiceId, DateOnly Month)> _freeQuotas;
    readonly HashSet<(EntryKind Kind, Guid OperationId)> _entries = [];
    readonly HashSet<Guid> _reversals = [];
    readonly HashSet<Guid> _refundedRecharges = [];
    readonly HashSet<(string UserId, Guid ReservationId)> _reservations = [];
    readonly HashSet<Guid> _acts = [];

    // Room for all at once: a set that grows is made again and again.
    BatchKeys(int operations)
    {
        _users = new(operations, StringComparer.Ordinal);
        _usagesWithTime = new(operations);
        _freeQuotas = new(operations);
    }

    public IReadOnlyCollection<string> Users => _users;

    /// <summary>Usage ids that carry their time: their partition is known from the id.</summary>
    public IReadOnlyCollection<Guid> UsagesWithTime => _usagesWithTime;

    /// <summary>Usage ids that do not: <c>usage_identity</c> knows their partition.</summary>
    public IReadOnlyCollection<Guid> UsagesWithoutTime => _usagesWithoutTime;

    public IReadOnlyCollection<(string UserId, int ServiceId, DateOnly Month)> FreeQuotas => _freeQuotas;
    public IReadOnlyCollection<(EntryKind Kind, Guid OperationId)> Entries => _entries;

    /// <summary>Usages to reverse: the free quotas of their records are needed too.</summary>
    public IReadOnlyCollection<Guid> Reversals => _reversals;

    /// <summary>The days inside those of their ids that carry one: is its record gone, or was it never there?</summary>
    public IEnumerable<DateOnly> ReversedDays => _reversals.Where(UsageIdentity.CarriesTime).Select(UsageIdentity.DayOf).Distinct();

    /// <summary>Recharges to take back from: what was taken back of them so far is needed too.</summary>
    public IReadOnlyCollection<Guid> RefundedRecharges => _refundedRecharges;

    /// <summary>Reservations that are named: the free quotas that they hold are needed too.</summary>
    public IReadOnlyCollection<(string UserId, Guid ReservationId)> Reservations => _reservations;

    /// <summary>Operation ids that the log of acts alone remembers, or may outlive its record.</summary>
    public IReadOnlyCollection<Guid> Acts => _acts;

    public static BatchKeys Of(IReadOnlyList<Operation> operations, ChargingRules rules)
    {
        var keys = new BatchKeys(operations.Count);
        foreach (var operation in operations) keys.Add(operation, rules);
        return keys;
    }

    void Add(Operation operation, ChargingRules rules)
    {
        if (operation.UserId is { } userId) _users.Add(userId);

        switch (operation)
        {
            case ChargeUsage charge: Add(charge.Usage, rules); break;
            case DeductUsage deduct: Add(deduct.Usage, rules); break;
            case CreditRecharge credit: _entries.Add((EntryKind.Credit, credit.RechargeId)); break;
            case TakeBackCredit refund:
                _entries.Add((EntryKind.Credit, refund.RechargeId));
                _entries.Add((EntryKind.Refund, refund.OperationId));
                _refundedRecharges.Add(refund.RechargeId);
                break;
            case AdjustFunds adjust: _entries.Add((EntryKind.Adjustment, adjust.AdjustmentId)); break;
            case GiveBackUsage giveBack:
                Add(giveBack.UsageId);
                _entries.Add((EntryKind.Reversal, giveBack.UsageId));
                _reversals.Add(giveBack.UsageId);
                _acts.Add(giveBack.UsageId);
                break;
            case ReservationOperation reservation:
                _reservations.Add((reservation.Owner, reservation.ReservationId));
                if (reservation is HoldFunds hold) AddFreeQuota(hold.Owner, hold.Service, hold.RequestedAt, rules);
                break;
            case RetryUsage retry: Add(retry.Usage, rules); break;
            case LimitOverdraft limit: _acts.Add(limit.OperationId); break;
            case WatchBalance watch: _acts.Add(watch.OperationId); break;
            case LogAct log: _acts.Add(log.OperationId); break;
        }
    }

    void Add(Usage usage, ChargingRules rules)
    {
        Add(usage.UsageId);
        AddFreeQuota(usage.UserId, usage.Service, usage.OccurredAt, rules);
        if (usage.ReservationId is { } reservationId) _reservations.Add((usage.UserId, reservationId));
    }

    void AddFreeQuota(string userId, string serviceName, DateTimeOffset instant, ChargingRules rules)
    {
        if (rules.Catalogue.Find(serviceName) is { FreeQuotas.Count: > 0 } service)
            _freeQuotas.Add((userId, service.ServiceId, rules.Calendar.MonthOf(instant)));
    }

    void Add(Guid usageId) => (UsageIdentity.CarriesTime(usageId) ? _usagesWithTime : _usagesWithoutTime).Add(usageId);
}
