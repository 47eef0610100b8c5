using System.Reflection;
using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;

namespace Billing.Tests.Hosting;

/// <summary>A channel of which RabbitMQ holds the deliveries, as its channel process does: naming one that it does not know ends the channel.</summary>
public class BrokersChannel : DispatchProxy
{
    readonly SortedSet<ulong> _unacknowledged = [];
    readonly IChannel _channel = Create<IChannel, Nothing>();

    public Lock Lock { get; } = new();
    public HashSet<ulong> Acknowledged { get; } = [];
    public int Words { get; private set; }

    public static (ChannelContext Context, BrokersChannel Channel) Open(int deliveries)
    {
        var context = Create<ChannelContext, BrokersChannel>();
        var channel = (BrokersChannel)(object)context;
        for (var tag = 1; tag <= deliveries; tag++) channel._unacknowledged.Add((ulong)tag);
        return (context, channel);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(ChannelContext.BasicAck) => Acknowledge((ulong)args![0]!, (bool)args[1]!),
        nameof(ChannelContext.BasicNack) => GiveBack((ulong)args![0]!),
        "get_CancellationToken" => CancellationToken.None,
        "get_Channel" => _channel,
        var other => throw new NotSupportedException(other),
    };

    ValueTask Acknowledge(ulong deliveryTag, bool multiple)
    {
        lock (Lock)
        {
            Words++;
            if (!_unacknowledged.Contains(deliveryTag)) return ValueTask.FromException(new InvalidOperationException($"PRECONDITION_FAILED - unknown delivery tag {deliveryTag}"));
            ulong[] tags = multiple ? [.. _unacknowledged.TakeWhile(tag => tag <= deliveryTag)] : [deliveryTag];
            _unacknowledged.ExceptWith(tags);
            Acknowledged.UnionWith(tags);
            return ValueTask.CompletedTask;
        }
    }

    Task GiveBack(ulong deliveryTag)
    {
        lock (Lock) return _unacknowledged.Remove(deliveryTag) ? Task.CompletedTask : Task.FromException(new InvalidOperationException($"PRECONDITION_FAILED - unknown delivery tag {deliveryTag}"));
    }

    /// <summary>The channel itself, of which nothing is asked.</summary>
    public class Nothing : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new NotSupportedException(targetMethod!.Name);
    }
}
