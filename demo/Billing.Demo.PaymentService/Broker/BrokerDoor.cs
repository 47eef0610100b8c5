using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Billing.Demo.Payments.Broker;

/// <summary>Publishes notifications: plain JSON, persistent, mandatory, and again until the broker has confirmed them.</summary>
sealed class BrokerDoor(Uri address, TimeProvider time) : INoticeDoor, IAsyncDisposable
{
    static readonly TimeSpan ConfirmWithin = TimeSpan.FromSeconds(15), Pause = TimeSpan.FromMilliseconds(200);

    readonly SemaphoreSlim _opening = new(1);
    (IConnection Connection, IChannel Channel)? _link;

    public async Task Tell(Notice notice, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties { DeliveryMode = DeliveryModes.Persistent, ContentType = "application/json", MessageId = Guid.CreateVersion7(time.GetUtcNow()).ToString() };
        while (true)
        {
            IChannel? channel = null;
            try
            {
                channel = await Channel(cancellationToken);
                await channel.BasicPublishAsync(BrokerLink.ExchangeOf(notice.Kind), "", mandatory: true, properties, notice.Body(), cancellationToken)
                    .AsTask().WaitAsync(ConfirmWithin, cancellationToken);
                return;
            }
            catch (PublishException) when (!cancellationToken.IsCancellationRequested)
            {
                // Returned or refused; the connection is well.
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Console.Error.WriteLine($"not confirmed, published again: {exception.InnerException?.Message ?? exception.Message}");
                await Close(channel);
            }
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Close(_link?.Channel);
        _opening.Dispose();
    }

    async Task<IChannel> Channel(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_link is { Channel: { IsOpen: true } open }) return open;
            if (_link is { } old) await old.Connection.DisposeAsync();
            _link = null;
            _link = await BrokerLink.Open(address, cancellationToken);
            return _link.Value.Channel;
        }
        finally
        {
            _opening.Release();
        }
    }

    async Task Close(IChannel? channel)
    {
        await _opening.WaitAsync();
        try
        {
            // Another may have opened a new one meanwhile.
            if (channel is null || _link is not { } link || link.Channel != channel) return;
            _link = null;
            await link.Connection.DisposeAsync();
        }
        finally
        {
            _opening.Release();
        }
    }
}
