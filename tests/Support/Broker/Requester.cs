using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.TestSupport.Broker;

/// <summary>Asks by request/response with direct reply-to, as a gateway on MassTransit does: it owns no queue.</summary>
public sealed class Requester : IAsyncDisposable
{
    static readonly RequestTimeout Timeout = RequestTimeout.After(s: 30);

    readonly ServiceProvider _provider;

    Requester(ServiceProvider provider) => _provider = provider;

    public static async Task<Requester> Connect(Uri address)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.SetRabbitMqReplyToRequestClientFactory();
            bus.UsingRabbitMq((_, rabbitMq) => rabbitMq.Host(address, host =>
            {
                var user = address.UserInfo.Split(':');
                host.Username(Uri.UnescapeDataString(user[0]));
                host.Password(Uri.UnescapeDataString(user[1]));
            }));
        });
        var requester = new Requester(services.BuildServiceProvider());
        await requester._provider.GetRequiredService<IBusControl>().StartAsync(TimeSpan.FromSeconds(30));
        return requester;
    }

    public async Task<TAnswer> Ask<TRequest, TAnswer>(TRequest request, TimeSpan? timeout = null) where TRequest : class where TAnswer : class
    {
        await using var scope = _provider.CreateAsyncScope();
        var client = scope.ServiceProvider.GetRequiredService<IClientFactory>().CreateRequestClient<TRequest>(timeout is { } given ? given : Timeout);
        return (await client.GetResponse<TAnswer>(request)).Message;
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.GetRequiredService<IBusControl>().StopAsync();
        await _provider.DisposeAsync();
    }
}
