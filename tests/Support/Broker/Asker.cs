using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Billing.TestSupport.Broker;

/// <summary>
/// Asks byte by byte, with or without MassTransit's envelope, whatever the body is: for bodies that no typed client would send. Any number
/// of questions may wait at once.
/// </summary>
public sealed class Asker : IAsyncDisposable
{
    const string DirectReplyTo = "amq.rabbitmq.reply-to";
    const string Envelope = "application/vnd.masstransit+json";

    readonly IConnection _connection;
    readonly IChannel _channel;
    readonly Uri _vhost;
    readonly SemaphoreSlim _publishing = new(1);
    readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _waiting = new();

    Asker(IConnection connection, IChannel channel, Uri address)
    {
        (_connection, _channel, Address) = (connection, channel, address);
        _vhost = new Uri(address.GetLeftPart(UriPartial.Path).Replace("amqp:", "rabbitmq:"));
    }

    public Uri Address { get; }

    public static async Task<Asker> Connect(Uri address)
    {
        var connection = await new ConnectionFactory { Uri = address, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
        var asker = new Asker(connection, await connection.CreateChannelAsync(), address);
        var consumer = new AsyncEventingBasicConsumer(asker._channel);
        consumer.ReceivedAsync += asker.Answered;
        await asker._channel.BasicConsumeAsync(DirectReplyTo, autoAck: true, consumer);
        return asker;
    }

    /// <summary>Plain JSON, or what stands in its place.</summary>
    public Task<JsonElement> Ask(string message, byte[] body, string contentType = "application/json") => Ask(message, Ids.WithoutTime().ToString(), contentType, body);

    /// <summary>In the envelope, which is well-formed when the body is. The answer is what stands in the answer's envelope.</summary>
    public async Task<JsonElement> AskInEnvelope(string message, string body, Guid? messageId = null) =>
        (await AskForEnvelope(message, body, messageId)).GetProperty("message");

    /// <summary>The whole envelope of the answer.</summary>
    public Task<JsonElement> AskForEnvelope(string message, string body, Guid? messageId = null)
    {
        var requestId = Ids.WithoutTime().ToString();
        var envelope = new JsonObject
        {
            ["messageId"] = (messageId ?? Ids.WithTime()).ToString(),
            ["requestId"] = requestId,
            ["responseAddress"] = $"{_vhost}/{DirectReplyTo}",
            ["messageType"] = new JsonArray($"urn:message:Billing.Contracts:{message}"),
            ["sentTime"] = TimeProvider.System.GetUtcNow(),
        };
        var bytes = Encoding.UTF8.GetBytes($"{envelope.ToJsonString()[..^1]},\"message\":{body}}}");
        return Ask(message, requestId, Envelope, bytes);
    }

    async Task<JsonElement> Ask(string message, string id, string contentType, byte[] body)
    {
        var answer = _waiting.GetOrAdd(id, _ => new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously));
        await _publishing.WaitAsync();
        try
        {
            var properties = new BasicProperties { ContentType = contentType, ReplyTo = DirectReplyTo, CorrelationId = id, DeliveryMode = DeliveryModes.Persistent };
            await _channel.BasicPublishAsync($"Billing.Contracts:{message}", "", mandatory: true, properties, body);
        }
        finally
        {
            _publishing.Release();
        }
        return await answer.Task.WaitAsync(Eventually.Within);
    }

    Task Answered(object sender, BasicDeliverEventArgs delivery)
    {
        var answer = JsonElement.Parse(delivery.Body.ToArray());
        var id = delivery.BasicProperties.ContentType == Envelope ? answer.GetProperty("requestId").GetString() : delivery.BasicProperties.CorrelationId;
        if (id is not null && _waiting.TryRemove(id, out var waiting)) waiting.TrySetResult(answer);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
        _publishing.Dispose();
    }
}
