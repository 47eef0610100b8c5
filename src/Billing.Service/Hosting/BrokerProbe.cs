using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Billing.Service.Hosting;

/// <summary>
/// Whether the broker can serve us: this user logs in to this virtual host and can consume from each of our queues that exists.
/// A broker that comes up answers before its quorum queues have a leader, and who consumes from one then loses the connection.
/// </summary>
sealed class BrokerProbe(Uri address, IReadOnlyList<string> queues)
{
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);

    readonly ConnectionFactory _factory = new()
    {
        Uri = address,
        AutomaticRecoveryEnabled = false,
        ClientProvidedName = "billing-service probe",
        RequestedConnectionTimeout = AnswerMax,
        ContinuationTimeout = AnswerMax,
    };

    /// <summary>Null when it can; otherwise what it said.</summary>
    public async Task<string?> Trouble(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _factory.CreateConnectionAsync(cancellationToken);
            foreach (var queue in queues) await Consume(connection, queue, cancellationToken);
            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return exception.InnerException?.Message ?? exception.Message;
        }
    }

    // A message that comes meanwhile goes back with the channel, as if nobody had looked.
    static async Task Consume(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            await channel.BasicQosAsync(prefetchSize: 0, prefetchCount: 1, global: false, cancellationToken);
            await channel.BasicConsumeAsync(queue, autoAck: false, new AsyncEventingBasicConsumer(channel), cancellationToken);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            // The first start on this broker: the queue is declared next.
        }
    }
}
