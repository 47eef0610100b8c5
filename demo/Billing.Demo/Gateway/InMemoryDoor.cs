using System.Collections.Concurrent;
using Billing.Contracts;
using Billing.Demo.Traffic;
using MassTransit;

namespace Billing.Demo.Gateway;

/// <summary>
/// The bus of a service in this very process. What is published to it is confirmed by nothing: it dies with the process. So the
/// gateway counts a message as confirmed only when its consumer has returned, which is after the commit: what a broker would
/// call acknowledged. One whose consumer failed is not confirmed.
/// </summary>
sealed class InMemoryDoor : IMessageDoor, IReceiveObserver
{
    readonly IBus _bus;
    readonly GatewayLog _log;
    readonly ConnectHandle _observing;
    readonly ConcurrentDictionary<Guid, TaskCompletionSource> _waiting = new();

    public InMemoryDoor(IBus bus, GatewayLog log)
    {
        (_bus, _log) = (bus, log);
        _observing = bus.ConnectReceiveObserver(this);
    }

    public async Task Send(Delivery delivery, CancellationToken giveUp)
    {
        while (true)
        {
            var messageId = NewId.NextGuid();
            var consumed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting[messageId] = consumed;
            try
            {
                if (delivery.Form == DeliveryForm.Single) await _bus.Publish(delivery.Usages[0].Message, context => context.MessageId = messageId, giveUp);
                else await _bus.Publish(new LooseBatch(WireFormat.Items(delivery)), context => context.MessageId = messageId, giveUp);
                await consumed.Task.WaitAsync(giveUp);
                return;
            }
            catch (Exception exception) when (!giveUp.IsCancellationRequested)
            {
                _log.NoteRetry(exception.Message);
            }
            finally
            {
                _waiting.TryRemove(messageId, out _);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _observing.Disconnect();
        return ValueTask.CompletedTask;
    }

    // Told after the consumer has returned.
    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class
    {
        if (WaitingFor(context) is { } consumed) consumed.TrySetResult();
        return Task.CompletedTask;
    }

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class
    {
        if (WaitingFor(context) is { } consumed) consumed.TrySetException(exception);
        return Task.CompletedTask;
    }

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;

    TaskCompletionSource? WaitingFor(MessageContext context) => context.MessageId is { } id && _waiting.TryGetValue(id, out var consumed) ? consumed : null;
}

/// <summary>A <see cref="UsageBatch"/> on the wire that may hold items which are no usage.</summary>
[MessageUrn("Billing.Contracts:UsageBatch")]
[EntityName("Billing.Contracts:UsageBatch")]
sealed record LooseBatch(IReadOnlyList<object> Items);
