using RabbitMQ.Client;

namespace Billing.Demo.Stack;

/// <summary>Looks at queues from outside. Asking for their length needs no rights on them.</summary>
sealed class RabbitMqQueues(Uri address) : IAsyncDisposable
{
    IConnection? _connection;

    /// <summary>Messages that wait in the queues, those not counted that a consumer has in work.</summary>
    public async Task<long> Waiting(IEnumerable<string> queues, CancellationToken cancellationToken)
    {
        if (_connection is not { IsOpen: true })
        {
            await DisposeAsync();
            var factory = new ConnectionFactory { Uri = address, ClientProvidedName = "billing-demo watch", AutomaticRecoveryEnabled = false };
            _connection = await factory.CreateConnectionAsync(cancellationToken);
        }

        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var waiting = 0L;
        foreach (var queue in queues) waiting += await channel.MessageCountAsync(queue, cancellationToken);
        return waiting;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _connection = null;
    }
}
