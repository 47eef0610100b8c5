using System.Diagnostics;

namespace Billing.ReliableMessaging;

/// <summary>An event that a transaction of ADO.NET publishes.</summary>
/// <param name="MessageId">Chosen by the caller, and the same whenever the transaction is tried again.</param>
/// <param name="Message">Published as its runtime type.</param>
public sealed record OutgoingMessage(Guid MessageId, object Message)
{
    /// <summary>Messages of one group are delivered in order; without one, a message waits for no other.</summary>
    public Guid? GroupId { get; init; }

    /// <summary>The span that the message belongs to, where that is not the current one.</summary>
    public ActivityContext Origin { get; init; }
}
