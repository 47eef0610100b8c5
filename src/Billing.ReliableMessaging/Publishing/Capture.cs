using MassTransit;
using MassTransit.Middleware;
using MassTransit.Serialization;

namespace Billing.ReliableMessaging.Publishing;

/// <summary>Takes what MassTransit's pipeline has prepared, with its addresses, envelope and headers, instead of sending it.</summary>
sealed class Capture(IServiceProvider provider, Guid groupId, TimeProvider time, Action<OutboxMessage> take) : OutboxSendContext
{
    public Task AddSend<T>(SendContext<T> context) where T : class
    {
        take(CapturedMessage.From(context, SystemTextJsonMessageSerializer.Instance, groupId, time.GetUtcNow().UtcDateTime));
        return Task.CompletedTask;
    }

    public object? GetService(Type serviceType) => provider.GetService(serviceType);
}
