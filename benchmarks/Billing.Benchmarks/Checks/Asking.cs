using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Benchmarks.Checks;

/// <summary>Asks by request/response over direct reply-to, as a gateway on MassTransit does.</summary>
sealed class Asking : IAsyncDisposable
{
    readonly ServiceProvider _services;

    Asking(ServiceProvider services) => _services = services;

    public static async Task<Asking> Open(Uri address)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.SetRabbitMqReplyToRequestClientFactory();
            bus.UsingRabbitMq((_, rabbitMq) => Connect(rabbitMq, address));
        });
        var asking = new Asking(services.BuildServiceProvider());
        await asking._services.GetRequiredService<IBusControl>().StartAsync(TimeSpan.FromSeconds(30));
        return asking;
    }

    public static void Connect(IRabbitMqBusFactoryConfigurator rabbitMq, Uri address) => rabbitMq.Host(address, host =>
    {
        var user = address.UserInfo.Split(':', 2);
        host.Username(Uri.UnescapeDataString(user[0]));
        host.Password(Uri.UnescapeDataString(user[1]));
    });

    /// <summary>A function that asks, with one client for all callers.</summary>
    public Func<TRequest, Task<TAnswer>> For<TRequest, TAnswer>() where TRequest : class where TAnswer : class
    {
        var client = _services.GetRequiredService<IClientFactory>().CreateRequestClient<TRequest>(RequestTimeout.After(s: 30));
        return async request => (await client.GetResponse<TAnswer>(request)).Message;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.GetRequiredService<IBusControl>().StopAsync();
        await _services.DisposeAsync();
    }
}
