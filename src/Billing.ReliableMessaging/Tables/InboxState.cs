namespace Billing.ReliableMessaging;

/// <summary>One row says: this consumer has committed the effects of this message. Written in the consumer's own transaction.</summary>
public sealed class InboxState
{
    public Guid MessageId { get; set; }
    public Guid ConsumerId { get; set; }
    public DateTime Received { get; set; }
}
