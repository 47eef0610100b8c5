using Billing.Demo.Traffic;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Billing.Demo.Gateway;

/// <summary>
/// One connection to the broker. Confirmed means: the broker took the message into a queue that outlives it, and did not return
/// it as one that no queue takes. Anything else is sent again.
/// </summary>
sealed class RabbitMqDoor(Uri address, string name, GatewayLog log, TimeProvider time) : IMessageDoor
{
    const int UnconfirmedMax = 256;
    static readonly TimeSpan ConfirmWithin = TimeSpan.FromSeconds(15);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    readonly SemaphoreSlim _opening = new(1);
    IConnection? _connection;
    volatile IChannel? _channel;

    public async Task Send(Delivery delivery, CancellationToken giveUp)
    {
        var messageId = Guid.CreateVersion7(time.GetUtcNow());
        var body = WireFormat.Body(delivery, messageId, time.GetUtcNow());
        while (true)
        {
            IChannel? channel = null;
            try
            {
                channel = await Channel(giveUp);
                var properties = new BasicProperties
                {
                    DeliveryMode = DeliveryModes.Persistent,
                    ContentType = delivery.Plain ? WireFormat.PlainType : WireFormat.EnvelopeType,
                    MessageId = messageId.ToString(),
                };
                await channel.BasicPublishAsync(WireFormat.ExchangeOf(delivery), "", mandatory: true, properties, body, giveUp).AsTask().WaitAsync(ConfirmWithin, giveUp);
                return;
            }
            catch (PublishException exception) when (!giveUp.IsCancellationRequested)
            {
                // Returned, or refused by a full queue: the connection is well.
                log.NoteRetry(exception.IsReturn ? "The broker returned a message that no queue takes." : "The broker refused a message.");
            }
            catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.AccessRefused)
            {
                throw new InvalidOperationException($"The broker does not let the gateway's user publish: {exception.ShutdownReason.ReplyText}", exception);
            }
            catch (Exception exception) when (!giveUp.IsCancellationRequested)
            {
                // Whether it arrived is not known.
                log.NoteRetry(exception.Message);
                await Close(channel);
            }
            await Task.Delay(Pause, time, giveUp);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Close(_channel);
        _opening.Dispose();
    }

    async Task<IChannel> Channel(CancellationToken cancellationToken)
    {
        if (_channel is { IsOpen: true } open) return open;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_channel is { IsOpen: true } opened) return opened;
            if (_connection is { } old) await old.DisposeAsync();
            var factory = new ConnectionFactory { Uri = address, ClientProvidedName = name, AutomaticRecoveryEnabled = false };
            _connection = await factory.CreateConnectionAsync(cancellationToken);
            var options = new CreateChannelOptions(
                publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, new ThrottlingRateLimiter(UnconfirmedMax));
            return _channel = await _connection.CreateChannelAsync(options, cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }

    async Task Close(IChannel? channel)
    {
        if (channel is null || channel != _channel) return;
        await _opening.WaitAsync();
        try
        {
            if (channel != _channel) return;
            _channel = null;
            if (_connection is { } connection) await connection.DisposeAsync();
            _connection = null;
        }
        finally
        {
            _opening.Release();
        }
    }
}
