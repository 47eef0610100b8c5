namespace Billing.ReliableMessaging.Engines;

/// <summary>The columns that a writer of the outbox fills; the others have values of their own.</summary>
static class InsertColumns
{
    public static readonly IReadOnlyList<InsertColumn> All =
    [
        new(nameof(OutboxMessage.GroupId), row => row.GroupId),
        new(nameof(OutboxMessage.EnqueueTime), row => row.EnqueueTime),
        new(nameof(OutboxMessage.SchedulingTokenId), row => row.SchedulingTokenId),
        new(nameof(OutboxMessage.DeliveryAttempts), row => row.DeliveryAttempts),
        new(nameof(OutboxMessage.MessageId), row => row.MessageId),
        new(nameof(OutboxMessage.SentTime), row => row.SentTime),
        new(nameof(OutboxMessage.ExpirationTime), row => row.ExpirationTime),
        new(nameof(OutboxMessage.ContentType), row => row.ContentType),
        new(nameof(OutboxMessage.MessageType), row => row.MessageType),
        new(nameof(OutboxMessage.Body), row => row.Body),
        new(nameof(OutboxMessage.Headers), row => row.Headers),
        new(nameof(OutboxMessage.Properties), row => row.Properties),
        new(nameof(OutboxMessage.ConversationId), row => row.ConversationId),
        new(nameof(OutboxMessage.CorrelationId), row => row.CorrelationId),
        new(nameof(OutboxMessage.InitiatorId), row => row.InitiatorId),
        new(nameof(OutboxMessage.RequestId), row => row.RequestId),
        new(nameof(OutboxMessage.SourceAddress), row => row.SourceAddress?.ToString()),
        new(nameof(OutboxMessage.DestinationAddress), row => row.DestinationAddress?.ToString()),
        new(nameof(OutboxMessage.ResponseAddress), row => row.ResponseAddress?.ToString()),
        new(nameof(OutboxMessage.FaultAddress), row => row.FaultAddress?.ToString()),
    ];
}
