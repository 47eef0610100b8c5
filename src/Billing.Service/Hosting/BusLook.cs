using Billing.Service.Observability;
using MassTransit;
using RabbitMQ.Client;

namespace Billing.Service.Hosting;

/// <summary>One look at the bus: does it hear, and does what it sends arrive?</summary>
public sealed class BusLook(QueueMetrics metrics)
{
    static readonly TimeSpan SentWithin = TimeSpan.FromSeconds(5);

    static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    /// <summary>What is wrong with the bus, and not with the broker, in words that stay the same from look to look.</summary>
    /// <exception cref="Exception">The broker does not answer: nothing can be said of the bus.</exception>
    public async Task<IReadOnlyList<string>> Troubles(IConnection connection, IBusControl bus, ICollection<string> queues, CancellationToken cancellationToken)
    {
        var troubles = new List<string>();
        await using var channel = await connection.CreateChannelAsync(Confirmed, cancellationToken);
        // While an alarm is on the broker takes nothing from anybody.
        await channel.BasicPublishAsync("", PlainReply.Nobody, ReadOnlyMemory<byte>.Empty, cancellationToken).AsTask().WaitAsync(SentWithin, cancellationToken);

        foreach (var queue in queues)
        {
            // It needs no right on the queue.
            var seen = await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
            metrics.Seen(queue, seen.MessageCount, seen.ConsumerCount);
            if (seen.ConsumerCount == 0) troubles.Add($"Nobody has consumed from {queue}");
        }
        // Another instance may be the one that consumes.
        foreach (var endpoint in bus.CheckHealth().Endpoints.Values)
        {
            var name = endpoint.InputAddress.AbsolutePath.Split('/')[^1];
            if (endpoint.Status != BusHealthStatus.Healthy && queues.Contains(name)) troubles.Add($"The endpoint {name} has not listened");
        }
        if (!await Sends(bus, cancellationToken)) troubles.Add("Nothing could be sent");
        return troubles;
    }

    /// <summary>Nothing is known of the queues.</summary>
    public void Failed() => metrics.Unknown();

    static async Task<bool> Sends(IBusControl bus, CancellationToken cancellationToken)
    {
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(SentWithin);
            var nobody = await bus.GetSendEndpoint(new Uri(bus.Address, DirectReplyTo.Name)).WaitAsync(SentWithin, cancellationToken);
            await nobody.Send(new StillThere(), send => send.SetRoutingKey(PlainReply.Nobody), deadline.Token).WaitAsync(SentWithin, cancellationToken);
            return true;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Goes to nobody, and is confirmed all the same.</summary>
    public sealed record StillThere;
}
