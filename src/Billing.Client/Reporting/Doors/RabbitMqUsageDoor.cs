using Billing.Client.Requests;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Billing.Client.Reporting.Doors;

/// <summary>
/// One connection to the broker. Confirmed means: the broker took the message into a queue that outlives it, and did not return it as
/// one that no queue takes. The library's own recovery is off: it would publish on a channel of which nobody knows what it confirmed.
/// </summary>
sealed class RabbitMqUsageDoor(IOptions<BillingClientOptions> client, IOptions<UsageReporterOptions> options, ServiceClock clock) : IUsageDoor
{
    const string Exchange = "Billing.Contracts:UsageBatch";
    const string ConnectionName = "billing-usage-reporter";
    static readonly TimeSpan ConfirmWithin = TimeSpan.FromSeconds(15);
    static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim _opening = new(1);
    IConnection? _connection;
    volatile IChannel? _channel;

    public async Task<IReadOnlyList<RejectedItem>> Send(UsageBody body, CancellationToken cancellationToken)
    {
        IChannel? channel = null;
        try
        {
            channel = await Channel(cancellationToken);
            await channel.BasicPublishAsync(Exchange, "", mandatory: true, Properties(body), body.Json, cancellationToken).AsTask().WaitAsync(ConfirmWithin, cancellationToken);
            return [];
        }
        catch (PublishException exception)
        {
            // Returned, or refused by a full queue: the connection is well.
            throw new DoorException(exception.IsReturn ? "no queue takes usage: the service has not been started yet" : "the broker's queue is full", inner: exception);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whether it arrived is not known; another message on the same channel may be waiting for the same.
            await Close(channel);
            throw IsRefusal(exception) ? new DoorException($"the broker does not let this user publish usage: {exception.Message}", isRefusal: true, exception) : exception;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Close(_channel);
        _opening.Dispose();
    }

    BasicProperties Properties(UsageBody body) => new()
    {
        Persistent = true,
        ContentType = "application/json",
        MessageId = body.MessageId.ToString(),
        // To the nearest second, so that on average the service counts neither too much nor too little of a delay.
        Timestamp = new AmqpTimestamp(clock.Now.AddMilliseconds(500).ToUnixTimeSeconds()),
    };

    static bool IsRefusal(Exception exception) => exception switch
    {
        OperationInterruptedException { ShutdownReason.ReplyCode: Constants.AccessRefused } => true,
        BrokerUnreachableException { InnerException: AuthenticationFailureException } => true,
        _ => false,
    };

    async Task<IChannel> Channel(CancellationToken cancellationToken)
    {
        if (_channel is { IsOpen: true } open) return open;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_channel is { IsOpen: true } opened) return opened;
            if (_connection is { } old) await Abandon(old);
            var factory = new ConnectionFactory
            {
                Uri = client.Value.Address!,
                ClientProvidedName = ConnectionName,
                AutomaticRecoveryEnabled = false,
                RequestedConnectionTimeout = ConnectWithin,
            };
            _connection = await factory.CreateConnectionAsync(cancellationToken);
            return _channel = await _connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, new ThrottlingRateLimiter(options.Value.InFlightMax + 1)), cancellationToken);
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
            if (_connection is { } connection) await Abandon(connection);
            _connection = null;
        }
        finally
        {
            _opening.Release();
        }
    }

    static async Task Abandon(IConnection connection)
    {
        // A broker that hangs answers no goodbye either.
        await connection.AbortAsync(TimeSpan.FromSeconds(1));
        await connection.DisposeAsync();
    }
}
