using System.Collections.Concurrent;
using MassTransit;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>Learns which endpoints of this process there are, and hears of every message that one of them has settled.</summary>
sealed class Consumption : IReceiveObserver, IReceiveEndpointObserver
{
    static readonly Uri AnyHost = new("loopback://localhost/");

    readonly ConcurrentDictionary<string, bool> _endpoints = new(StringComparer.OrdinalIgnoreCase);
    readonly ConcurrentDictionary<Guid, ConcurrentDictionary<ExpectedMessage, bool>> _expected = new();

    public bool HasEndpoint(string queue) => _endpoints.ContainsKey(queue);

    public Expectation Expect(Guid messageId, IReadOnlySet<string> queues, bool mandatory)
    {
        var expected = new ExpectedMessage(queues, mandatory);
        _expected.GetOrAdd(messageId, _ => new()).TryAdd(expected, true);
        return new Expectation(expected.Consumed, () => Forget(messageId, expected));
    }

    public Task PostReceive(ReceiveContext context)
    {
        Settled(context, context.IsFaulted ? new InvalidOperationException($"A consumer of {context.InputAddress} failed.") : null);
        return Task.CompletedTask;
    }

    public Task ReceiveFault(ReceiveContext context, Exception exception)
    {
        Settled(context, exception);
        return Task.CompletedTask;
    }

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class
    {
        foreach (var expected in Expecting(context.ReceiveContext)) expected.Reason = exception;
        return Task.CompletedTask;
    }

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task Ready(ReceiveEndpointReady ready)
    {
        if (IsInMemory(ready.InputAddress)) _endpoints[Queue(ready.InputAddress)] = true;
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping)
    {
        // An endpoint that stops with the bus has not done its part: what it does not settle any more waits for the next start.
        if (stopping.Removed && IsInMemory(stopping.InputAddress)) _endpoints.TryRemove(Queue(stopping.InputAddress), out _);
        return Task.CompletedTask;
    }

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;

    void Settled(ReceiveContext context, Exception? failure)
    {
        foreach (var expected in Expecting(context)) expected.Settled(Queue(context.InputAddress), context.IsDelivered, failure);
    }

    IEnumerable<ExpectedMessage> Expecting(ReceiveContext context) =>
        context.GetMessageId() is { } id && _expected.TryGetValue(id, out var expected) ? expected.Keys : [];

    void Forget(Guid messageId, ExpectedMessage expected)
    {
        if (_expected.TryGetValue(messageId, out var all) && all.TryRemove(expected, out _) && all.IsEmpty)
            _expected.TryRemove(KeyValuePair.Create(messageId, all));
    }

    static bool IsInMemory(Uri inputAddress) => inputAddress.Scheme == AnyHost.Scheme;

    static string Queue(Uri inputAddress) => new InMemoryEndpointAddress(AnyHost, inputAddress).Name;
}
