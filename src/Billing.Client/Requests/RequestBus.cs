using MassTransit;

namespace Billing.Client.Requests;

/// <summary>
/// A bus for requests alone, of a user who may publish them and declare no queue: the answers come over the broker's direct reply-to,
/// which needs none. It is what SetRabbitMqReplyToRequestClientFactory sets up, but for one thing: left to itself MassTransit moves
/// an answer that comes after its requester's patience into a queue "_skipped"; the broker refuses that queue, closes the channel,
/// and no answer ever arrives again.
/// </summary>
sealed class RequestBus : IAsyncDisposable
{
    const int RepliesPrefetch = 1_000;
    static readonly RequestTimeout Timeout = RequestTimeout.After(s: 6);

    readonly IBusControl _bus;

    RequestBus(IBusControl bus, IClientFactory clients) => (_bus, Clients) = (bus, clients);

    public IClientFactory Clients { get; }

    public static async Task<RequestBus> Connect(Uri address)
    {
        var bus = Bus.Factory.CreateUsingRabbitMq(configure => configure.Host(address, host =>
        {
            var user = address.UserInfo.Split(':', 2);
            host.Username(Uri.UnescapeDataString(user[0]));
            host.Password(Uri.UnescapeDataString(user.ElementAtOrDefault(1) ?? ""));
        }));
        await bus.StartAsync();
        var replies = bus.ConnectReceiveEndpoint("amq.rabbitmq.reply-to", endpoint =>
        {
            var queue = (IRabbitMqReceiveEndpointConfigurator)endpoint;
            (queue.Durable, queue.AutoDelete, queue.PrefetchCount) = (false, true, RepliesPrefetch);
            endpoint.ConfigureConsumeTopology = false;
            endpoint.DiscardSkippedMessages();
            endpoint.DiscardFaultedMessages();
        });
        await replies.Ready;
        return new RequestBus(bus, replies.CreateClientFactory(Timeout));
    }

    public async ValueTask DisposeAsync() => await _bus.StopAsync(TimeSpan.FromSeconds(5));
}
