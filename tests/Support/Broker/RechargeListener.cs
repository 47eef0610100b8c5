using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.TestSupport.Broker;

/// <summary>Hears what the ledger tells of recharges, in the place of whoever began them.</summary>
public sealed class RechargeListener : IAsyncDisposable
{
    const string Queue = "test-recharges";

    readonly ConcurrentQueue<(Guid? MessageId, object Message)> _heard = [];
    Func<ValueTask> _stop = () => ValueTask.CompletedTask;

    /// <summary>In the service's own process.</summary>
    public static async Task<RechargeListener> Connect(IBus bus)
    {
        var listener = new RechargeListener();
        var handle = bus.ConnectReceiveEndpoint(Queue, listener.Hear);
        await handle.Ready;
        listener._stop = async () => await handle.StopAsync();
        return listener;
    }

    /// <summary>In a process of its own, as one who may have a queue.</summary>
    public static async Task<RechargeListener> Connect(Uri address)
    {
        var listener = new RechargeListener();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingRabbitMq((_, rabbitMq) =>
            {
                rabbitMq.Host(address, host =>
                {
                    var user = address.UserInfo.Split(':');
                    host.Username(Uri.UnescapeDataString(user[0]));
                    host.Password(Uri.UnescapeDataString(user[1]));
                });
                rabbitMq.ReceiveEndpoint(Queue, listener.Hear);
            });
        });
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IBusControl>().StartAsync(TimeSpan.FromSeconds(30));
        listener._stop = async () =>
        {
            await provider.GetRequiredService<IBusControl>().StopAsync();
            await provider.DisposeAsync();
        };
        return listener;
    }

    public IReadOnlyList<T> Heard<T>() => [.. _heard.Select(heard => heard.Message).OfType<T>()];

    /// <summary>The ids under which this was told, each once.</summary>
    public IReadOnlyList<Guid?> Ids<T>(Func<T, bool> which) => [.. _heard.Where(heard => heard.Message is T message && which(message)).Select(heard => heard.MessageId).Distinct()];

    public async Task<T> WaitFor<T>(Func<T, bool> which, int times = 1) =>
        (await Eventually.That(() => Task.FromResult(Heard<T>().Where(which).ToList()), heard => heard.Count >= times, $"{typeof(T).Name} is heard {times} times"))[0];

    public ValueTask DisposeAsync() => _stop();

    void Hear(IReceiveEndpointConfigurator endpoint)
    {
        endpoint.Handler<AccountCredited>(Hear);
        endpoint.Handler<CreditRefused>(Hear);
        endpoint.Handler<CreditRefunded>(Hear);
        endpoint.Handler<RefundRefused>(Hear);
    }

    Task Hear<T>(ConsumeContext<T> context) where T : class
    {
        _heard.Enqueue((context.MessageId, context.Message));
        return Task.CompletedTask;
    }
}
