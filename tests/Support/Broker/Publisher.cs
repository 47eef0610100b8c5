using System.Text.Json;
using System.Text.Json.Nodes;
using RabbitMQ.Client;

namespace Billing.TestSupport.Broker;

/// <summary>Publishes as any client of the broker may, without MassTransit: confirmed, and mandatory, so that nothing is lost silently.</summary>
public sealed class Publisher : IAsyncDisposable
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    readonly IConnection _connection;

    Publisher(IConnection connection, IChannel channel) => (_connection, Channel) = (connection, channel);

    public IChannel Channel { get; }

    public static async Task<Publisher> Connect(Uri address)
    {
        var connection = await new ConnectionFactory { Uri = address, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
        return new Publisher(connection, await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true)));
    }

    /// <summary>The message alone, as a publisher in any language would send it.</summary>
    public Task PublishPlain<T>(T message) where T : notnull => Publish<T>(JsonSerializer.SerializeToUtf8Bytes(message, Json), "application/json");

    /// <summary>The message in MassTransit's envelope.</summary>
    /// <param name="message">The message.</param>
    /// <param name="responseAddress">Where its answer is asked for.</param>
    /// <param name="sentAt">When it claims to have been sent; now, if absent.</param>
    public Task PublishInEnvelope<T>(T message, Uri? responseAddress = null, DateTimeOffset? sentAt = null) where T : notnull => Publish<T>(JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["requestId"] = responseAddress is null ? null : Ids.WithTime().ToString(),
        ["responseAddress"] = responseAddress?.ToString(),
        ["messageId"] = Ids.WithTime().ToString(),
        ["messageType"] = new JsonArray($"urn:message:{typeof(T).Namespace}:{typeof(T).Name}"),
        ["message"] = JsonSerializer.SerializeToNode(message, Json),
        ["sentTime"] = sentAt ?? TimeProvider.System.GetUtcNow(),
    }), "application/vnd.masstransit+json");

    public Task Publish<TContract>(byte[] body, string contentType) => PublishTo($"{typeof(TContract).Namespace}:{typeof(TContract).Name}", "", body, contentType);

    public Task PublishTo(string exchange, string routingKey, byte[] body, string contentType = "application/json") =>
        PublishTo(exchange, routingKey, body, new BasicProperties { ContentType = contentType });

    /// <summary>With a <c>timestamp</c>, which should be the seconds of Unix time at which it was sent.</summary>
    public Task PublishPlain<T>(T message, long timestamp) where T : notnull => PublishTo(
        $"{typeof(T).Namespace}:{typeof(T).Name}", "", JsonSerializer.SerializeToUtf8Bytes(message, Json),
        new BasicProperties { ContentType = "application/json", Timestamp = new AmqpTimestamp(timestamp) });

    async Task PublishTo(string exchange, string routingKey, byte[] body, BasicProperties properties)
    {
        properties.Persistent = true;
        await Channel.BasicPublishAsync(exchange, routingKey, mandatory: true, properties, body);
    }

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
