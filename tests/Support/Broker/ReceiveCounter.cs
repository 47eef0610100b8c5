using MassTransit;

namespace Billing.TestSupport.Broker;

/// <summary>Counts the messages that the service has settled: acknowledged, or moved to an error queue.</summary>
public sealed class ReceiveCounter : IReceiveObserver
{
    long _settled;

    public long Settled => Interlocked.Read(ref _settled);

    public Task PostReceive(ReceiveContext context) => Count();

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Count();

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Task.CompletedTask;

    Task Count()
    {
        Interlocked.Increment(ref _settled);
        return Task.CompletedTask;
    }
}
