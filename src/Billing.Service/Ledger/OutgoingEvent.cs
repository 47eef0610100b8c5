using System.Globalization;
using System.Text.Json;
using Billing.Service.Charging;

namespace Billing.Service.Ledger;

/// <summary>A message that leaves the service, written into the outbox in the transaction that caused it.</summary>
/// <param name="MessageId">Follows from what it tells: told twice, it is one message to whoever remembers ids.</param>
public sealed record OutgoingEvent(Guid MessageId, object Message)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The wire name, such as <c>Billing.Contracts:DebtIncurred</c>.</summary>
    public string MessageType => $"{Message.GetType().Namespace}:{Message.GetType().Name}";

    public string Body => JsonSerializer.Serialize(Message, Json);

    /// <summary>No event per usage leaves the service: only recharges, and crossings of thresholds.</summary>
    public static IReadOnlyList<OutgoingEvent> Of(Decisions decisions, DateTimeOffset now, string currency)
    {
        List<OutgoingEvent>? events = null;
        foreach (var entry in decisions.Entries.Where(IsAnnounced))
            (events ??= []).Add(Of(entry, decisions.Accounts.Find(account => account.AccountId == entry.AccountId)!.UserId, currency));
        foreach (var account in decisions.Accounts.Where(account => account.WentIntoDebt))
            (events ??= []).Add(Debt(account, now, currency));
        return events ?? [];
    }

    /// <summary>The answer to what moved a recharge's money: the same whenever it is given.</summary>
    public static OutgoingEvent Of(LedgerEntry entry, string userId, string currency) => entry.Kind switch
    {
        EntryKind.Credit => Of(new AccountCredited
        {
            RechargeId = entry.RechargeId!.Value,
            UserId = userId,
            Amount = entry.Amount,
            Currency = currency,
            Balance = entry.BalanceAfter,
            CreditedAt = entry.EnteredAt,
        }, entry.OperationId.ToString()),
        EntryKind.Refund => Of(new CreditRefunded
        {
            RechargeId = entry.RechargeId!.Value,
            RefundId = entry.RefundId!,
            UserId = userId,
            Amount = -entry.Amount,
            Currency = currency,
            Balance = entry.BalanceAfter,
            RefundedAt = entry.EnteredAt,
        }, entry.OperationId.ToString()),
        _ => throw new ArgumentOutOfRangeException(nameof(entry), entry.Kind, "Nothing is announced of this kind."),
    };

    static bool IsAnnounced(LedgerEntry entry) => entry.Kind is EntryKind.Credit or EntryKind.Refund;

    static OutgoingEvent Debt(AccountState account, DateTimeOffset now, string currency) => Of(new DebtIncurred
    {
        UserId = account.UserId,
        Balance = account.Funds.Balance,
        Currency = currency,
        OccurredAt = now,
    }, account.UserId, account.LastEntryNumber.ToString(CultureInfo.InvariantCulture));

    static OutgoingEvent Of<T>(T message, params ReadOnlySpan<string> about) where T : notnull => new(DerivedId.Of(typeof(T).Name, about), message);
}
