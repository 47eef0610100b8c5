using MassTransit;

namespace Billing.TestSupport.Messaging;

/// <summary>Stops messages of one type before any filter of their consumers, and so outside of every transaction.</summary>
public sealed class HeldConsumption<TMessage> : IConsumeObserver where TMessage : class
{
    readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _released.TrySetResult();

    public Task PreConsume<T>(ConsumeContext<T> context) where T : class => typeof(T) == typeof(TMessage) ? _released.Task : Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception) where T : class => Task.CompletedTask;
}
