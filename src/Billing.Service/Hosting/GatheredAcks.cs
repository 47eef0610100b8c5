using MassTransit;
using MassTransit.RabbitMqTransport;

namespace Billing.Service.Hosting;

/// <summary>
/// Acknowledges deliveries of one channel together: those up to the first that is still in hand, by one word to the broker, which costs it
/// about what one acknowledgement does. Whoever waits for an acknowledgement waits until it is sent, as without this. Dying before it is
/// sent has the broker deliver again what is charged already: the usage ids turn that into nothing.
/// </summary>
sealed class GatheredAcks : ScopeChannelContext, ChannelContext
{
    /// <summary>How long those that follow are waited for: a commit ends many deliveries at once, but not in one instant.</summary>
    static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(2);

    /// <summary>Rounds after which a delivery is acknowledged by itself, since one before it takes long.</summary>
    const int RoundsMax = 25;

    readonly ChannelContext _channel;
    readonly Lock _lock = new();
    readonly Dictionary<ulong, Waiting> _waiting = [];

    /// <summary>Settled, and nobody waits: given back, or acknowledged alone.</summary>
    readonly HashSet<ulong> _done = [];
    ulong _upTo;
    int _round;
    bool _gathering;

    public GatheredAcks(ChannelContext channel) : base(channel, channel.CancellationToken) => _channel = channel;

    ValueTask ChannelContext.BasicAck(ulong deliveryTag, bool multiple)
    {
        if (multiple) throw new NotSupportedException("Which of them are done is known here alone.");
        var acknowledged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Add(deliveryTag, new Waiting(acknowledged, _round));
            if (!_gathering) _ = Task.Run(Gather);
            _gathering = true;
        }
        return new ValueTask(acknowledged.Task);
    }

    async Task ChannelContext.BasicNack(ulong deliveryTag, bool multiple, bool requeue)
    {
        await _channel.BasicNack(deliveryTag, multiple, requeue);
        // It is the broker's again: an acknowledgement of all up to a later one says nothing of it.
        lock (_lock) _done.Add(deliveryTag);
    }

    async Task Gather()
    {
        do
        {
            await Task.Delay(Gathering);
            var (last, together, alone) = Take();
            if (together.Count > 0) await Acknowledge(last, multiple: true, together);
            foreach (var (deliveryTag, acknowledged) in alone) await Acknowledge(deliveryTag, multiple: false, [acknowledged]);
        }
        while (GoesOn());
    }

    /// <summary>What is settled up to the first gap; and now and then what has waited long behind it.</summary>
    (ulong Last, List<TaskCompletionSource> Together, List<(ulong DeliveryTag, TaskCompletionSource Acknowledged)> Alone) Take()
    {
        var last = 0UL;
        var together = new List<TaskCompletionSource>();
        var alone = new List<(ulong DeliveryTag, TaskCompletionSource Acknowledged)>();
        lock (_lock)
        {
            while (true)
            {
                if (_waiting.Remove(_upTo + 1, out var next))
                {
                    // The broker knows no more of one that is done: named as the last, it would end the channel.
                    last = _upTo + 1;
                    together.Add(next.Acknowledged);
                }
                else if (!_done.Remove(_upTo + 1))
                {
                    break;
                }
                _upTo++;
            }
            if (++_round % RoundsMax == 0)
            {
                foreach (var (deliveryTag, waiting) in _waiting)
                {
                    if (_round - waiting.Round < RoundsMax) continue;
                    alone.Add((deliveryTag, waiting.Acknowledged));
                    _waiting.Remove(deliveryTag);
                    _done.Add(deliveryTag);
                }
            }
            return (last, together, alone);
        }
    }

    async Task Acknowledge(ulong deliveryTag, bool multiple, List<TaskCompletionSource> waiting)
    {
        try
        {
            await _channel.BasicAck(deliveryTag, multiple);
            foreach (var acknowledged in waiting) acknowledged.SetResult();
        }
        catch (Exception exception)
        {
            // The channel is gone, and the broker has its messages back.
            foreach (var acknowledged in waiting) acknowledged.SetException(exception);
        }
    }

    /// <summary>Whether somebody still waits.</summary>
    bool GoesOn()
    {
        lock (_lock) return _gathering = _waiting.Count > 0;
    }

    /// <param name="Acknowledged">Completes when the word is sent.</param>
    /// <param name="Round">In which it was settled.</param>
    readonly record struct Waiting(TaskCompletionSource Acknowledged, int Round);
}
