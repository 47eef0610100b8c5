using RabbitMQ.Client;

namespace Billing.FaultTests.Harness;

/// <summary>One connection of the gateway: persistent, mandatory, confirmed; what is not confirmed is published again, unchanged.</summary>
sealed class BrokerPublisher(Uri address) : IAsyncDisposable
{
    public const string UsageOccurred = "Billing.Contracts:UsageOccurred";
    public const string UsageBatch = "Billing.Contracts:UsageBatch";

    static readonly TimeSpan ConfirmedWithin = TimeSpan.FromSeconds(10);
    static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    IConnection? _connection;
    IChannel? _channel;

    public static ConnectionFactory Factory(Uri address) => new() { Uri = address, AutomaticRecoveryEnabled = false, RequestedConnectionTimeout = TimeSpan.FromSeconds(3) };

    public async Task PublishUntilConfirmed(string exchange, byte[] body)
    {
        using var giveUp = new CancellationTokenSource(GiveUpAfter);
        var properties = new BasicProperties { Persistent = true, ContentType = "application/json" };
        while (true)
        {
            try
            {
                var channel = await Channel(giveUp.Token);
                await channel.BasicPublishAsync(exchange, "", mandatory: true, properties, body, giveUp.Token).AsTask().WaitAsync(ConfirmedWithin, giveUp.Token);
                return;
            }
            catch (Exception) when (!giveUp.IsCancellationRequested)
            {
                // Unknown is not confirmed: the same ids go out again, over a new connection.
                await Disconnect();
            }
            await Task.Delay(Pause, giveUp.Token);
        }
    }

    public ValueTask DisposeAsync() => Disconnect();

    async Task<IChannel> Channel(CancellationToken cancellationToken)
    {
        if (_channel is { IsOpen: true } open) return open;

        await Disconnect();
        _connection = await Factory(address).CreateConnectionAsync("gateway", cancellationToken);
        return _channel = await _connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
    }

    async ValueTask Disconnect()
    {
        var connection = _connection;
        (_connection, _channel) = (null, null);
        if (connection is not null) await Quietly.Dispose(connection);
    }
}
