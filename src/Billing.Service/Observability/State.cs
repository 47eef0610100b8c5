using Billing.ReliableMessaging;

namespace Billing.Service.Observability;

/// <summary>How things stood when somebody last looked. What could not be read is null.</summary>
sealed record State
{
    public IReadOnlyDictionary<string, bool> Health { get; init; } = new Dictionary<string, bool>();
    public OutboxBacklog? LedgerOutbox { get; init; }
    public OutboxBacklog? RechargeOutbox { get; init; }
    public long? ReservationsOpen { get; init; }
    public Money? AmountHeld { get; init; }
    public long? RejectedOpen { get; init; }
    public long? WebhooksPending { get; init; }
    public long? RechargesPending { get; init; }
    public long? RechargesInReview { get; init; }
    public long? PaymentsUnmatched { get; init; }

    /// <summary>By kind: what operators were told of and what still holds.</summary>
    public IReadOnlyDictionary<string, long> Alerts { get; init; } = new Dictionary<string, long>();
}
