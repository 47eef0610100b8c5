using System.Globalization;
using Billing.ReliableMessaging;
using Billing.Service.Charging;
using Billing.Service.Charging.Alerts;

namespace Billing.Service.Ledger;

/// <summary>
/// What the ledger tells, by messages that are written into its outbox in the transaction that caused them. A message's id follows
/// from what it tells: told twice, it is one message to whoever remembers ids.
/// </summary>
public static class Announcements
{
    /// <summary>No event per usage leaves the service: only recharges, and crossings of thresholds.</summary>
    public static IReadOnlyList<OutgoingMessage> Of(Decisions decisions, DateTimeOffset now, ChargingRules rules, string currency)
    {
        List<OutgoingMessage>? messages = null;
        foreach (var entry in decisions.Entries.Where(entry => entry.Kind is EntryKind.Credit or EntryKind.Refund))
            (messages ??= []).Add(Of(entry, decisions.Accounts.Find(account => account.AccountId == entry.AccountId)!.UserId, currency));
        foreach (var account in decisions.Accounts.Where(account => account.WentIntoDebt))
            (messages ??= []).Add(Of(account, now, currency));
        foreach (var account in decisions.Accounts.Where(account => account.WentLow))
            (messages ??= []).Add(Low(account, now, rules, currency));
        foreach (var crossing in decisions.FreeQuotaCrossings)
            (messages ??= []).Add(Of(crossing, now));
        return messages ?? [];
    }

    /// <summary>The answer to what moved a recharge's money, the same whenever it is given. Those of one recharge stay in order.</summary>
    public static OutgoingMessage Of(LedgerEntry entry, string userId, string currency) => entry.Kind switch
    {
        EntryKind.Credit => Message(new AccountCredited
        {
            RechargeId = entry.RechargeId!.Value,
            UserId = userId,
            Amount = entry.Amount,
            Currency = currency,
            Balance = entry.BalanceAfter,
            CreditedAt = entry.EnteredAt,
        }, entry.OperationId.ToString()) with { GroupId = entry.RechargeId },
        EntryKind.Refund => Message(new CreditRefunded
        {
            RechargeId = entry.RechargeId!.Value,
            RefundId = entry.RefundId!,
            UserId = userId,
            Amount = -entry.Amount,
            Currency = currency,
            Balance = entry.BalanceAfter,
            RefundedAt = entry.EnteredAt,
        }, entry.OperationId.ToString()) with { GroupId = entry.RechargeId },
        _ => throw new ArgumentOutOfRangeException(nameof(entry), entry.Kind, "Nothing is told of this kind."),
    };

    static OutgoingMessage Of(AccountState account, DateTimeOffset now, string currency) => Message(new DebtIncurred
    {
        UserId = account.UserId,
        Balance = account.Funds.Balance,
        Currency = currency,
        OccurredAt = now,
    }, account.UserId, account.LastEntryNumber.ToString(CultureInfo.InvariantCulture));

    // By the version: what is held takes no running number, and may cross the threshold too.
    static OutgoingMessage Low(AccountState account, DateTimeOffset now, ChargingRules rules, string currency) => Message(new BalanceLow
    {
        UserId = account.UserId,
        Available = account.Funds.Available,
        Balance = account.Funds.Balance,
        Threshold = account.Alert.Threshold(rules.Alerts)!.Value,
        Currency = currency,
        OccurredAt = now,
    }, account.UserId, (account.Version + 1).ToString(CultureInfo.InvariantCulture));

    static OutgoingMessage Of(FreeQuotaCrossing crossing, DateTimeOffset now)
    {
        var month = crossing.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        return Message(new FreeQuotaReached
        {
            UserId = crossing.UserId,
            Service = crossing.Service,
            Month = month,
            Percent = crossing.Percent,
            Used = crossing.Used,
            Granted = crossing.Granted,
            OccurredAt = now,
        }, crossing.UserId, crossing.Service, month, crossing.Percent.ToString(CultureInfo.InvariantCulture));
    }

    static OutgoingMessage Message<T>(T message, params ReadOnlySpan<string> about) where T : notnull => new(DerivedId.Of(typeof(T).Name, about), message);
}
