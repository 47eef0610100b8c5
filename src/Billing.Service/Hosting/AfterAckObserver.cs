using MassTransit;

namespace Billing.Service.Hosting;

/// <summary>Passes the crash point after the acknowledgement.</summary>
sealed class AfterAckObserver : IReceiveObserver
{
    public Task PostReceive(ReceiveContext context)
    {
        FailPoint.Reach(FailPoint.AfterAck);
        return Task.CompletedTask;
    }

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Task.CompletedTask;

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
}
