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
    public Task PublishInEnvelope<T>(T message, Uri? responseAddress = null) where T : notnull => Publish<T>(JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["requestId"] = responseAddress is null ? null : Ids.WithTime().ToString(),
        ["responseAddress"] = responseAddress?.ToString(),
        ["messageId"] = Ids.WithTime().ToString(),
        ["messageType"] = new JsonArray($"urn:message:{typeof(T).Namespace}:{typeof(T).Name}"),
        ["message"] = JsonSerializer.SerializeToNode(message, Json),
        ["sentTime"] = TimeProvider.System.GetUtcNow(),
    }), "application/vnd.masstransit+json");

    public Task Publish<TContract>(byte[] body, string contentType) => PublishTo($"{typeof(TContract).Namespace}:{typeof(TContract).Name}", "", body, contentType);

    public async Task PublishTo(string exchange, string routingKey, byte[] body, string contentType = "application/json") =>
        await Channel.BasicPublishAsync(exchange, routingKey, mandatory: true, new BasicProperties { ContentType = contentType, Persistent = true }, body);

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
