using MassTransit;
using MassTransit.Serialization;

namespace Billing.TestSupport.Messaging;

/// <summary>Stops the delivery of messages of one type just before the transport gets them: a crash point outside of the library.</summary>
public sealed class HeldSends<TMessage> : ISendObserver where TMessage : class
{
    readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => _reached.Task;

    public void Release() => _released.TrySetResult();

    /// <summary>The send never comes to an end: what a dead process leaves of it.</summary>
    public void Break() => _released.TrySetException(new IOException("the process died here"));

    public async Task PreSend<T>(SendContext<T> context) where T : class
    {
        if (typeof(T) != typeof(SerializedMessageBody) || !context.SupportedMessageTypes.Contains(MessageUrn.ForTypeString<TMessage>())) return;
        _reached.TrySetResult();
        await _released.Task;
    }

    public Task PostSend<T>(SendContext<T> context) where T : class => Task.CompletedTask;

    public Task SendFault<T>(SendContext<T> context, Exception exception) where T : class => Task.CompletedTask;
}
