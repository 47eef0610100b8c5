using System.Collections.Concurrent;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Billing.FaultTests.Harness;

/// <summary>Deductions by request and response, answered over direct reply-to: asked again with the same id until there is an answer.</summary>
sealed class BrokerRequester(Uri address) : IAsyncDisposable
{
    const string ReplyTo = "amq.rabbitmq.reply-to";
    const string DeductQuota = "Billing.Contracts:DeductQuota";

    static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(6);
    static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    readonly ConcurrentDictionary<Guid, TaskCompletionSource<JsonElement>> _asked = [];
    IConnection? _connection;
    IChannel? _channel;

    /// <summary>Null when it is charged, otherwise the code of a final no.</summary>
    public async Task<string?> Deduct(SentUsage usage)
    {
        using var giveUp = new CancellationTokenSource(GiveUpAfter);
        while (true)
        {
            try
            {
                var answer = await Ask(usage, giveUp.Token);
                if (answer.GetProperty("charged").GetBoolean()) return null;
                if (answer.GetProperty("code").GetString() is var code and not ("database_unavailable" or "request_expired")) return code;
            }
            catch (Exception) when (!giveUp.IsCancellationRequested)
            {
                if (_channel is not { IsOpen: true }) await Disconnect();
            }
            await Task.Delay(Pause, giveUp.Token);
        }
    }

    public ValueTask DisposeAsync() => Disconnect();

    async Task<JsonElement> Ask(SentUsage usage, CancellationToken cancellationToken)
    {
        var channel = await Channel(cancellationToken);
        var requestId = Guid.CreateVersion7();
        var answered = _asked[requestId] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            var properties = new BasicProperties { ContentType = "application/vnd.masstransit+json", ReplyTo = ReplyTo };
            await channel.BasicPublishAsync(DeductQuota, "", mandatory: true, properties, Envelope(usage, requestId), cancellationToken)
                .AsTask().WaitAsync(AnsweredWithin, cancellationToken);
            return await answered.Task.WaitAsync(AnsweredWithin, cancellationToken);
        }
        finally
        {
            _asked.TryRemove(requestId, out _);
        }
    }

    byte[] Envelope(SentUsage usage, Guid requestId) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        messageId = requestId,
        requestId,
        responseAddress = $"rabbitmq://{address.Host}:{address.Port}{address.AbsolutePath}/{ReplyTo}",
        messageType = new[] { $"urn:message:{DeductQuota}" },
        message = JsonSerializer.Deserialize<JsonElement>(usage.ToJson()),
    });

    async Task<IChannel> Channel(CancellationToken cancellationToken)
    {
        if (_channel is { IsOpen: true } open) return open;

        await Disconnect();
        _connection = await BrokerPublisher.Factory(address).CreateConnectionAsync("gateway requests", cancellationToken);
        var channel = await _connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            Receive(delivery.Body);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(ReplyTo, autoAck: true, consumer, cancellationToken);
        return _channel = channel;
    }

    void Receive(ReadOnlyMemory<byte> body)
    {
        var envelope = JsonSerializer.Deserialize<JsonElement>(body.Span);
        if (_asked.TryGetValue(envelope.GetProperty("requestId").GetGuid(), out var answered)) answered.TrySetResult(envelope.GetProperty("message"));
    }

    async ValueTask Disconnect()
    {
        var connection = _connection;
        (_connection, _channel) = (null, null);
        if (connection is not null) await Quietly.Dispose(connection);
    }
}
