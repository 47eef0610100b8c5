using Billing.Service.Charging.Alerts;
using Billing.Service.Charging.Reservations;

namespace Billing.Service.Charging;

/// <summary>
/// The one engine that decides what moves: operations and what the database holds in, outcomes and rows to write out. No clock
/// and no I/O; the states in the snapshot are this batch's own copies. Inside a batch arrival order decides.
/// </summary>
public sealed class ChargingEngine
{
    readonly ChargingRules _rules;
    readonly Snapshot _snapshot;
    readonly Decisions _decisions;
    readonly Holds _holds;
    readonly Limits _limits;

    ChargingEngine(ChargingRules rules, Snapshot snapshot, int operationCount)
    {
        (_rules, _snapshot, _decisions) = (rules, snapshot, new Decisions(new Outcome[operationCount]));
        _holds = new Holds(rules, snapshot, FreeQuota);
        _limits = new Limits(snapshot, Log);
    }

    public static Decisions Decide(IReadOnlyList<Operation> operations, Snapshot snapshot, ChargingRules rules)
    {
        var engine = new ChargingEngine(rules, snapshot, operations.Count);
        for (var i = 0; i < operations.Count; i++) engine._decisions.Outcomes[i] = engine.Decide(operations[i]);
        engine.CollectChanges();
        return engine._decisions;
    }

    Outcome Decide(Operation operation)
    {
        try
        {
            return operation switch
            {
                ChargeUsage charge => Keep(charge.Usage, Charge(charge.Usage, deadline: null)),
                DeductUsage deduct => KeepReuse(deduct.Usage, Charge(deduct.Usage, deduct.Deadline)),
                RecordRejection rejection => Keep(rejection.Rejected),
                OpenAccount => Opened.Instance,
                CreditRecharge credit => Enter(EntryKind.Credit, credit.RechargeId, credit.Owner, credit.Amount, rechargeId: credit.RechargeId),
                TakeBackCredit refund => TakeBack(refund),
                AdjustFunds adjust => Adjust(adjust),
                GiveBackUsage giveBack => GiveBack(giveBack),
                LimitOverdraft limit => _limits.Decide(limit),
                WatchBalance watch => _limits.Decide(watch),
                RetryUsage retry => Retry(retry, Charge(retry.Usage, deadline: null)),
                GiveUpRetry giveUp => GiveUp(giveUp),
                LogAct log => Log(log),
                ReservationOperation reservation => _holds.Decide(reservation),
                _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "No rule for this operation."),
            };
        }
        catch (OverflowException)
        {
            // Thrown before anything of this operation was changed.
            var refusal = new Refusal(ErrorCodes.AmountOverflow, "The amount, or the balance after it, is beyond 9,223,372,036.854775807.");
            return operation switch
            {
                ChargeUsage charge => Keep(charge.Usage, new Refused(refusal)),
                RetryUsage retry => Retry(retry, new Refused(refusal)),
                _ => new Refused(refusal),
            };
        }
    }

    /// <summary>With a deadline: before the fact, all or nothing. Without: it has happened and is charged, into debt if need be.</summary>
    Outcome Charge(Usage usage, DateTimeOffset? deadline)
    {
        var account = _snapshot.Accounts[usage.UserId];
        if (_snapshot.Records.TryGetValue(usage.UsageId, out var known)) return Repeat(usage, account, known);
        if (deadline < _snapshot.Now) return Refuse(ErrorCodes.RequestExpired, $"The deadline {deadline:O} had passed; nothing was charged.");
        if (UsageAge.Check(usage, _snapshot.Now) is { } tooOldOrNew) return new Refused(tooOldOrNew);

        if (Pricing.Of(usage, PricedAsOf(usage), _rules.Catalogue, out var price) is { } notPriced) return new Refused(notPriced);
        var paying = _holds.Paying(usage, account, price.Service);
        var month = paying is { Held.FreeUnits: > 0 } ? paying.Month : _rules.Calendar.MonthOf(usage.OccurredAt);
        var quota = FreeQuota(account, price.Service, month);
        var paid = Settlement.Of(usage.Quantity, price.Cost, paying?.Held ?? default, quota?.Left ?? 0);
        if (deadline is not null && !account.Funds.Cover(paid.Amount)) return NotCovered(account, usage.Quantity - paid.FreeUnits, paid.Amount);

        var (entryNumber, balanceAfter) = account.Move(-paid.Amount);
        quota?.Use(paid.FreeUnitsMore);
        if (paying is not null) _holds.Settle(paying, account, usage.Quantity, paid);
        else _holds.CountLate(usage, account, price.Service);
        var record = new BillingRecord
        {
            UsageId = usage.UsageId,
            Day = UsageIdentity.CarriesTime(usage.UsageId) ? UsageIdentity.DayOf(usage.UsageId) : DateOnly.FromDateTime(_snapshot.Now.UtcDateTime),
            AccountId = account.AccountId,
            EntryNumber = entryNumber,
            ServiceId = price.Service.ServiceId,
            Quantity = usage.Quantity,
            FreeUnits = paid.FreeUnits,
            Cost = price.Cost,
            Amount = paid.Amount,
            PriceVersion = price.Version,
            QuotaMonth = month,
            BalanceAfter = balanceAfter,
            FreeUnitsAfter = quota?.Unused ?? 0,
            OccurredAt = usage.OccurredAt,
            ChargedAt = _snapshot.Now,
            ContentHash = usage.ContentHash,
        };
        _snapshot.Records.Add(usage.UsageId, record);
        _decisions.Records.Add(record);
        return new Charged(record, Duplicate: false);
    }

    // A clock that runs ahead must not reach for a price that is still to come, and may be changed until it does.
    DateTimeOffset PricedAsOf(Usage usage) => _snapshot.Now < usage.OccurredAt ? _snapshot.Now : usage.OccurredAt;

    static Outcome Repeat(Usage usage, AccountState account, BillingRecord known) =>
        known.AccountId == account.AccountId && known.ContentHash == usage.ContentHash
            ? new Charged(known, Duplicate: true)
            : Refuse(ErrorCodes.UsageIdReused, $"Usage id {usage.UsageId} is charged already with other content; the first stands. Give each usage an id of its own.");

    Outcome Enter(
        EntryKind kind, Guid operationId, string userId, Money amount, Guid? rechargeId = null, string? refundId = null, string? actor = null, string? reason = null)
    {
        var account = _snapshot.Accounts[userId];
        if (_snapshot.Entries.TryGetValue((kind, operationId), out var known))
            return known.AccountId == account.AccountId && known.Amount == amount
                ? new Entered(known, Duplicate: true)
                : Refuse(ErrorCodes.OperationIdReused, $"Id {operationId} is in the ledger already with another user or amount; the first stands.");

        var (entryNumber, balanceAfter) = account.Move(amount);
        var entry = new LedgerEntry
        {
            AccountId = account.AccountId,
            EntryNumber = entryNumber,
            Kind = kind,
            OperationId = operationId,
            Amount = amount,
            BalanceAfter = balanceAfter,
            EnteredAt = _snapshot.Now,
            RechargeId = rechargeId,
            RefundId = refundId,
            Actor = actor,
            Reason = reason,
        };
        _snapshot.Entries.Add((kind, operationId), entry);
        _decisions.Entries.Add(entry);
        return new Entered(entry, Duplicate: false);
    }

    /// <summary>The account's lock guards the sum too: every refund of a recharge is an entry of the account that it was credited to.</summary>
    Outcome TakeBack(TakeBackCredit refund)
    {
        var account = _snapshot.Accounts[refund.Owner];
        if (!_snapshot.Entries.TryGetValue((EntryKind.Credit, refund.RechargeId), out var credit) || credit.AccountId != account.AccountId)
            return Refuse(ErrorCodes.RechargeNotCredited, $"Recharge {refund.RechargeId} was not credited to user {refund.Owner}.");

        var takenBack = _snapshot.TakenBack.GetValueOrDefault(refund.RechargeId);
        var left = credit.Amount - takenBack;
        if (refund.Amount > left && !_snapshot.Entries.ContainsKey((EntryKind.Refund, refund.OperationId)))
            return Refuse(ErrorCodes.RefundExceedsCredit,
                $"{refund.Amount} is more than the {left} left of recharge {refund.RechargeId}: {credit.Amount} was credited and {takenBack} taken back.");

        var outcome = Enter(EntryKind.Refund, refund.OperationId, refund.Owner, -refund.Amount, refund.RechargeId, refund.RefundId);
        if (outcome is Entered { Duplicate: false }) _snapshot.TakenBack[refund.RechargeId] = takenBack + refund.Amount;
        return outcome;
    }

    Outcome Adjust(AdjustFunds adjust)
    {
        var before = _snapshot.Accounts[adjust.Owner].Funds.Balance;
        var outcome = Enter(EntryKind.Adjustment, adjust.AdjustmentId, adjust.Owner, adjust.Amount, actor: adjust.Actor, reason: adjust.Reason);
        if (outcome is Entered { Duplicate: false, Entry: var entry })
            Log(ActKinds.AdjustBalance, entry.OperationId, entry.AccountId, subject: null, adjust.Actor, adjust.Reason, ActChanges.Of("balance", before, entry.BalanceAfter));
        return outcome;
    }

    Outcome GiveBack(GiveBackUsage giveBack)
    {
        var account = _snapshot.Accounts[giveBack.Owner];
        if (!_snapshot.Records.TryGetValue(giveBack.UsageId, out var record)) return GivenBackBefore(giveBack, account) ?? NothingToGiveBack(giveBack);
        if (record.AccountId != account.AccountId) return NothingToGiveBack(giveBack);

        var before = account.Funds.Balance;
        var outcome = Enter(EntryKind.Reversal, giveBack.UsageId, giveBack.Owner, record.Amount, actor: giveBack.Actor, reason: giveBack.Reason);
        if (outcome is not Entered entered) return outcome;
        if (!entered.Duplicate)
        {
            _decisions.GivenBack.Add(record);
            Log(ActKinds.ReverseUsage, giveBack.UsageId, record.AccountId, giveBack.UsageId.ToString(), giveBack.Actor, giveBack.Reason,
                [ActChanges.Of("balance", before, entered.Entry.BalanceAfter), .. GiveBackFreeUnits(record)]);
        }
        return entered with { FreeUnits = record.FreeUnits };
    }

    /// <summary>The stored result, if the usage was given back while it still had its record.</summary>
    Outcome? GivenBackBefore(GiveBackUsage giveBack, AccountState account)
    {
        if (!_snapshot.Entries.TryGetValue((EntryKind.Reversal, giveBack.UsageId), out var known) || known.AccountId != account.AccountId) return null;
        var act = _snapshot.Acts.GetValueOrDefault((ActKinds.ReverseUsage, giveBack.UsageId));
        return new Entered(known, Duplicate: true, act is null ? 0 : ActChanges.ReadFreeUnitsGivenBack(act));
    }

    Refused NothingToGiveBack(GiveBackUsage giveBack) =>
        UsageIdentity.CarriesTime(giveBack.UsageId) && UsageIdentity.DayOf(giveBack.UsageId) is var day && _snapshot.RetiredDays.Contains(day)
            ? Refuse(ErrorCodes.UsageRetired, $"Records of {day:yyyy-MM-dd} are not kept any more: if {giveBack.UsageId} was charged, it stays so. Adjust the balance instead.")
            : Refuse(ErrorCodes.UsageNotFound, $"User {giveBack.Owner} has no charged usage {giveBack.UsageId}.");

    OperatorActChange[] GiveBackFreeUnits(BillingRecord record)
    {
        if (record.FreeUnits == 0) return [];
        var quota = _snapshot.FreeQuotas[new FreeQuotaKey(record.AccountId, record.ServiceId, record.QuotaMonth)];
        var usedBefore = quota.Used;
        quota.GiveBack(record.FreeUnits);
        return [ActChanges.Of(ActChanges.FreeUnitsUsed, usedBefore, quota.Used)];
    }

    Outcome Retry(RetryUsage retry, Outcome outcome)
    {
        _decisions.Retries.TryAdd(retry.RejectedId, RetriedUsage.Of(retry.RejectedId, outcome));
        if (outcome is Charged { Duplicate: false, Record: var record })
            Log(ActKinds.ChargeRejected, retry.ActId, record.AccountId, retry.Usage.UsageId.ToString(), retry.Actor, retry.Reason,
                ActChanges.Of("balance", record.BalanceAfter + record.Amount, record.BalanceAfter));
        return outcome;
    }

    Refused GiveUp(GiveUpRetry giveUp)
    {
        _decisions.Retries.TryAdd(giveUp.RejectedId, new RetriedUsage(giveUp.RejectedId, giveUp.Refusal.Code, giveUp.ForGood));
        return new Refused(giveUp.Refusal);
    }

    Logged Log(LogAct log) => _snapshot.Acts.TryGetValue((log.Kind, log.OperationId), out var known)
        ? new Logged(known, Duplicate: true)
        : new Logged(Log(log.Kind, log.OperationId, accountId: null, log.Subject, log.Actor, log.Reason, [.. log.Changes]), Duplicate: false);

    OperatorAct Log(string kind, Guid operationId, long? accountId, string? subject, string actor, string reason, params OperatorActChange[] changes)
    {
        var act = new OperatorAct
        {
            Kind = kind,
            OperationId = operationId,
            AccountId = accountId,
            Subject = subject,
            Actor = actor,
            Reason = reason,
            Changes = changes,
            ActedAt = _snapshot.Now,
        };
        _snapshot.Acts.TryAdd((kind, operationId), act);
        _decisions.Acts.Add(act);
        return act;
    }

    /// <summary>The user's free quota of a service and month; null when none is granted.</summary>
    FreeQuotaState? FreeQuota(AccountState account, ServiceOffer service, DateOnly month)
    {
        var key = new FreeQuotaKey(account.AccountId, service.ServiceId, month);
        if (_snapshot.FreeQuotas.TryGetValue(key, out var quota)) return quota;
        if (service.FreeUnitsIn(month) is not (> 0 and var granted)) return null;

        quota = new FreeQuotaState(key, granted, used: 0, held: 0, stored: false);
        _snapshot.FreeQuotas.Add(key, quota);
        return quota;
    }

    static Refused NotCovered(AccountState account, long paidUnits, Money amount) => Refuse(ErrorCodes.InsufficientFunds,
        $"{paidUnits} units beyond the free quota cost {amount}, and {account.Funds.Available} is available; recharge and repeat with the same id.");

    static Refused Refuse(string code, string detail) => new(new Refusal(code, detail));

    /// <summary>Usage that has happened is never lost: refused, it stands in rejected_usage.</summary>
    Outcome Keep(Usage usage, Outcome outcome)
    {
        if (outcome is Refused refused) _decisions.Rejections.Add(RejectedUsage.Of(usage, refused.Refusal));
        return outcome;
    }

    /// <summary>A refused request is only answered, but one id for two usages is a fault that an operator must see.</summary>
    Outcome KeepReuse(Usage usage, Outcome outcome) => outcome is Refused { Code: ErrorCodes.UsageIdReused } ? Keep(usage, outcome) : outcome;

    Refused Keep(RejectedUsage rejected)
    {
        _decisions.Rejections.Add(rejected);
        return new Refused(rejected.Refusal);
    }

    void CollectChanges()
    {
        _decisions.Accounts.AddRange(_snapshot.Accounts.Values.Where(account => account.Changed));
        _decisions.FreeQuotas.AddRange(_snapshot.FreeQuotas.Values.Where(quota => quota.Changed));
        _decisions.Reservations.AddRange(_snapshot.Reservations.Values.Where(reservation => reservation.Changed));
        Crossings.Add(_decisions, _snapshot, _rules);
    }
}
