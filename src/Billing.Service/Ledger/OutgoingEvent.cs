using System.Text.Json;
using Billing.Service.Charging;

namespace Billing.Service.Ledger;

/// <summary>A message that leaves the service, written into the outbox in the transaction that caused it.</summary>
/// <param name="MessageType">The wire name, such as <c>Billing.Contracts:DebtIncurred</c>.</param>
public sealed record OutgoingEvent(Guid MessageId, string MessageType, string Body)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>No event per usage leaves the service: only crossings of thresholds.</summary>
    public static IReadOnlyList<OutgoingEvent> Of(Decisions decisions, DateTimeOffset now, string currency) =>
        [.. decisions.Accounts.Where(account => account.WentIntoDebt).Select(account => Of(now, new DebtIncurred
        {
            UserId = account.UserId,
            Balance = account.Funds.Balance,
            Currency = currency,
            OccurredAt = now,
        }))];

    static OutgoingEvent Of<T>(DateTimeOffset now, T message) where T : notnull =>
        new(Guid.CreateVersion7(now), $"{typeof(T).Namespace}:{typeof(T).Name}", JsonSerializer.Serialize(message, Json));
}
