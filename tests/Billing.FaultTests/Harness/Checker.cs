using System.Globalization;
using System.Numerics;
using Billing.FaultTests.Harness.Recharges;

namespace Billing.FaultTests.Harness;

/// <summary>A second, simpler ledger: it charges what was confirmed in the order that the running numbers tell, and compares every row.</summary>
sealed class Checker
{
    const decimal NanosPerUnit = 1_000_000_000m;

    readonly Journal _journal;
    readonly LedgerRows _rows;
    readonly decimal _funds;
    readonly List<string> _wrong = [];

    Checker(Journal journal, LedgerRows rows, decimal funds) => (_journal, _rows, _funds) = (journal, rows, funds);

    public static Verdict Check(Journal journal, LedgerRows rows, decimal fundsOfEach, (long Stuck, long Errors) left, int cacheDiffers)
    {
        var checker = new Checker(journal, rows, fundsOfEach);
        checker.CheckFunds();
        checker.CheckOrigins();
        checker.CheckRejections();
        foreach (var account in rows.Accounts) checker.CheckAccount(account);

        var charged = rows.Records.GroupBy(record => record.UsageId).ToDictionary(group => group.Key, group => group.Count());
        var rejected = rows.Rejections.Select(rejection => rejection.UsageId).ToHashSet(StringComparer.Ordinal);
        var confirmed = journal.Confirmed.Keys;
        return new Verdict
        {
            Confirmed = journal.ConfirmedCount,
            Applied = confirmed.Count(charged.ContainsKey),
            Rejected = confirmed.Count(id => rejected.Contains(id.ToString())),
            Lost = confirmed.Count(id => !charged.ContainsKey(id) && !rejected.Contains(id.ToString())),
            Duplicated = charged.Count(id => id.Value > 1) + charged.Keys.Count(id => rejected.Contains(id.ToString())),
            Stuck = left.Stuck,
            CacheDiffers = cacheDiffers,
            Errors = left.Errors,
            Wrong = checker._wrong,
        };
    }

    void CheckFunds()
    {
        var users = _rows.Accounts.ToDictionary(account => account.AccountId, account => account.UserId);
        var entered = _rows.Entries.Where(entry => !RechargeLoad.IsPayer(users[entry.AccountId])).Select(entry => (users[entry.AccountId], entry.AmountNanos / NanosPerUnit)).Order().ToList();
        var given = Traffic.FundedUsers.Select(user => (user, _funds)).Order().ToList();
        if (!entered.SequenceEqual(given)) Wrong($"ledger entries are {string.Join(' ', entered)}, not {string.Join(' ', given)}");
    }

    /// <summary>No record without a usage that was sent with that very content, and none for a deduction that was refused.</summary>
    void CheckOrigins()
    {
        var users = _rows.Accounts.ToDictionary(account => account.AccountId, account => account.UserId);
        foreach (var record in _rows.Records)
        {
            if (!_journal.Sent.TryGetValue(record.UsageId, out var sent))
            {
                Wrong($"{record.UsageId} was never sent");
                continue;
            }

            var recorded = (users[record.AccountId], record.Service, record.Quantity, record.OccurredAt);
            if (recorded != (sent.UserId, sent.Service, sent.Quantity, sent.OccurredAt)) Wrong($"{record.UsageId} is recorded as {recorded} and was {sent}");
            if (_journal.Refused.TryGetValue(record.UsageId, out var code)) Wrong($"{record.UsageId} was refused ({code}) and is charged");
        }
    }

    void CheckRejections()
    {
        foreach (var id in _rows.Rejections.GroupBy(rejection => rejection.UsageId))
        {
            if (id.Count() > 1) Wrong($"{id.Key} is rejected {id.Count()} times");
            if (!Guid.TryParse(id.Key, out var usageId) || !_journal.Sent.TryGetValue(usageId, out var sent)) Wrong($"{id.Key} is rejected and was never sent");
            else if (PriceList.IsChargeable(sent)) Wrong($"{sent} is rejected: {id.First().Code}");
        }
    }

    void CheckAccount(AccountRow account)
    {
        var movements = _rows.Records.Where(record => record.AccountId == account.AccountId).Select(record => (record.EntryNumber, Record: (RecordRow?)record, Entry: (EntryRow?)null))
            .Concat(_rows.Entries.Where(entry => entry.AccountId == account.AccountId).Select(entry => (entry.EntryNumber, Record: (RecordRow?)null, Entry: (EntryRow?)entry)))
            .OrderBy(movement => movement.EntryNumber).ToList();
        if (!movements.Select(movement => movement.EntryNumber).SequenceEqual(Enumerable.Range(1, movements.Count).Select(number => (long)number)))
            Wrong($"{account.UserId}: the running numbers are not 1 to {movements.Count}");

        BigInteger balance = 0;
        var used = new Dictionary<(string Service, string Month), long>();
        foreach (var (_, record, entry) in movements)
        {
            if (record is not null) balance = Charge(record, balance, used);
            else balance += entry!.AmountNanos;
            var after = record?.BalanceAfterNanos ?? entry!.BalanceAfterNanos;
            if (after != balance) Wrong($"{account.UserId}: the balance after {record?.UsageId ?? entry!.OperationId} is {after}, not {balance}");
        }

        if (account.BalanceNanos != balance) Wrong($"{account.UserId}: the balance is {account.BalanceNanos}, entries less records are {balance}");
        if (account.LastEntryNumber != movements.Count) Wrong($"{account.UserId}: the last running number is {account.LastEntryNumber}, of {movements.Count}");
        if (account.HeldNanos != 0) Wrong($"{account.UserId}: {account.HeldNanos} are held");
        CheckQuotas(account, used);
    }

    /// <summary>Free units first, the balance for the rest; a deduction only as far as the funds go.</summary>
    BigInteger Charge(RecordRow record, BigInteger balance, Dictionary<(string Service, string Month), long> used)
    {
        if (!_journal.Sent.TryGetValue(record.UsageId, out var sent)) return balance - record.AmountNanos;

        var month = sent.OccurredAt.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        var usedBefore = used.GetValueOrDefault((sent.Service, month));
        var freeUnits = Math.Min(sent.Quantity, PriceList.FreeUnits(sent.Service) - usedBefore);
        var cost = PriceList.Cost(sent);
        var amount = PriceList.Amount(cost, sent.Quantity - freeUnits, sent.Quantity);
        used[(sent.Service, month)] = usedBefore + freeUnits;

        var expected = (cost, amount, freeUnits, month, PriceList.FreeUnits(sent.Service) - usedBefore - freeUnits);
        var recorded = (new BigInteger(record.CostNanos), new BigInteger(record.AmountNanos), record.FreeUnits, record.QuotaMonth, record.FreeUnitsAfter);
        if (recorded != expected) Wrong($"{sent} is charged as {recorded}, not {expected}");
        if (_journal.Deductions.ContainsKey(record.UsageId) && amount > 0 && amount > balance) Wrong($"the deduction {sent} took {amount} of {balance}");
        return balance - amount;
    }

    void CheckQuotas(AccountRow account, Dictionary<(string Service, string Month), long> used)
    {
        var stored = _rows.Quotas.Where(quota => quota.AccountId == account.AccountId).ToDictionary(quota => (quota.Service, quota.Month));
        foreach (var (key, units) in used)
        {
            if ((stored.GetValueOrDefault(key)?.Used ?? 0) != units) Wrong($"{account.UserId}: of {key} {stored.GetValueOrDefault(key)?.Used} are used, not {units}");
        }
        foreach (var quota in stored.Values)
        {
            if (!used.ContainsKey((quota.Service, quota.Month))) Wrong($"{account.UserId}: {quota} without usage");
            if (quota.Held != 0 || quota.Granted != PriceList.FreeUnits(quota.Service)) Wrong($"{account.UserId}: {quota}");
        }
    }

    void Wrong(string what) => _wrong.Add(what);
}
