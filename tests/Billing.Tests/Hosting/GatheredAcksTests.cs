using Billing.Service.Hosting;
using MassTransit;
using MassTransit.RabbitMqTransport;

namespace Billing.Tests.Hosting;

/// <summary>Acknowledging many deliveries by one word never speaks for one that is still in hand, nor names one that the broker does not know.</summary>
public sealed class GatheredAcksTests
{
    const int Deliveries = 400;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task What_one_commit_ends_is_acknowledged_by_few_words()
    {
        var (acks, channel) = Open();
        await Task.WhenAll(Tags().Select(tag => acks.BasicAck(tag, multiple: false).AsTask())).WaitAsync(Patience);
        Assert.Equal(Deliveries, channel.Acknowledged.Count);
        Assert.InRange(channel.Words, 1, Deliveries / 10);
    }

    [Fact]
    public async Task While_one_is_in_hand_those_after_it_are_acknowledged_and_it_is_not()
    {
        const ulong slow = 3;
        var (acks, channel) = Open();
        await Task.WhenAll(Tags().Where(tag => tag != slow).Select(tag => acks.BasicAck(tag, multiple: false).AsTask())).WaitAsync(Patience);
        lock (channel.Lock) Assert.Equal(Tags().Where(tag => tag != slow), channel.Acknowledged.Order());

        await acks.BasicAck(slow, multiple: false).AsTask().WaitAsync(Patience);
        lock (channel.Lock) Assert.Contains(slow, channel.Acknowledged);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task In_any_order_with_some_given_back_each_is_settled_as_it_was_meant(int seed)
    {
        var random = new Random(seed);
        var (acks, channel) = Open();
        var tags = Tags().ToArray();
        random.Shuffle(tags);
        // The last ones too: the broker knows no more of them when all up to them are done.
        var givenBack = tags.Where(tag => random.Next(4) == 0).Append((ulong)Deliveries).ToHashSet();
        await Task.WhenAll(tags.Chunk(20).Select(async (some, number) =>
        {
            await Task.Delay(number * 7);
            await Task.WhenAll(some.Select(tag => givenBack.Contains(tag) ? acks.BasicNack(tag, multiple: false, requeue: true) : AcknowledgedByTheBroker(tag)));
        })).WaitAsync(Patience);
        Assert.Equal(Tags().Where(tag => !givenBack.Contains(tag)), channel.Acknowledged.Order());

        async Task AcknowledgedByTheBroker(ulong tag)
        {
            await acks.BasicAck(tag, multiple: false);
            lock (channel.Lock) Assert.Contains(tag, channel.Acknowledged);
        }
    }

    [Fact]
    public async Task Who_waits_is_told_when_the_channel_is_gone()
    {
        var (acks, channel) = Open();
        var asked = acks.BasicAck(Deliveries + 1, multiple: false).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(() => asked.WaitAsync(Patience));
        Assert.Empty(channel.Acknowledged);
    }

    [Fact]
    public async Task The_second_consumer_of_a_channel_acknowledges_each_by_itself()
    {
        // The broker counts on: a queue that was deleted and made again does not begin at one.
        var (context, channel) = BrokersChannel.Open(Deliveries);
        var gathering = new GatherAcks();
        ChannelContext? first = null, second = null;
        await gathering.Send(context, Pipe.Execute<ChannelContext>(given => first = given));
        await gathering.Send(context, Pipe.Execute<ChannelContext>(given => second = given));

        await first!.BasicAck(1, multiple: false).AsTask().WaitAsync(Patience);
        Assert.IsType<GatheredAcks>(first);
        Assert.Same(context, second);
        Assert.Equal([1UL], channel.Acknowledged);
    }

    static (ChannelContext Acks, BrokersChannel Channel) Open()
    {
        var (context, channel) = BrokersChannel.Open(Deliveries);
        return (new GatheredAcks(context), channel);
    }

    static IEnumerable<ulong> Tags() => Enumerable.Range(1, Deliveries).Select(tag => (ulong)tag);
}
