using MassTransit;
using MassTransit.Metadata;
using MassTransit.Middleware;
using MassTransit.Serialization;

namespace Billing.ReliableMessaging;

/// <summary>A message that waits for the transport. Deleted once its delivery is confirmed.</summary>
public sealed class OutboxMessage : OutboxMessageContext
{
    Headers? _headers;
    IReadOnlyDictionary<string, object>? _properties;

    /// <summary>Given by the database; the order of delivery inside a group.</summary>
    public long SequenceNumber { get; set; }

    /// <summary>Messages of one group (one consumed message, one scope of the bus outbox) are delivered in order.</summary>
    public Guid GroupId { get; set; }

    /// <summary>Null: ready now. Otherwise the earliest time of delivery, of a scheduled message or of the next attempt.</summary>
    public DateTime? EnqueueTime { get; set; }

    public Guid? SchedulingTokenId { get; set; }

    /// <summary>Deliveries that failed so far.</summary>
    public int DeliveryAttempts { get; set; }

    /// <summary>Why the last delivery failed; kept until the message is delivered.</summary>
    public string? LastError { get; set; }

    public Guid MessageId { get; set; }
    public DateTime SentTime { get; set; }
    public DateTime? ExpirationTime { get; set; }
    public string ContentType { get; set; } = "";

    /// <summary>The message's urns, the most specific first, separated by semicolons.</summary>
    public string MessageType { get; set; } = "";

    public string Body { get; set; } = "";
    public string? Headers { get; set; }
    public string? Properties { get; set; }
    public Guid? ConversationId { get; set; }
    public Guid? CorrelationId { get; set; }
    public Guid? InitiatorId { get; set; }
    public Guid? RequestId { get; set; }
    public Uri? SourceAddress { get; set; }
    public Uri? DestinationAddress { get; set; }
    public Uri? ResponseAddress { get; set; }
    public Uri? FaultAddress { get; set; }

    Guid? MessageContext.MessageId => MessageId;
    DateTime? MessageContext.SentTime => SentTime;
    HostInfo MessageContext.Host => HostMetadataCache.Host;
    Headers MessageContext.Headers => _headers ??= Read(Headers) is { } headers ? new DictionarySendHeaders(headers!) : EmptyHeaders.Instance;
    IReadOnlyDictionary<string, object> OutboxMessageContext.Properties => _properties ??= Read(Properties) ?? [];

    /// <summary>Whether this is a message of this type, however it is mapped to an exchange.</summary>
    public bool Is<T>() where T : class => MessageType.Split(';').Contains(MessageUrn.ForTypeString<T>());

    static Dictionary<string, object>? Read(string? json) => SystemTextJsonMessageSerializer.Instance.DeserializeDictionary<object>(json);
}
