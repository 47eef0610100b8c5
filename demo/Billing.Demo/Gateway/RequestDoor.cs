using Billing.Contracts;
using MassTransit;

namespace Billing.Demo.Gateway;

/// <summary>Request and response over the bus, whichever transport that is.</summary>
sealed class RequestDoor(IClientFactory clients, Func<ValueTask> dispose) : IQuotaDoor
{
    const int RepliesPrefetch = 1_000;
    static readonly RequestTimeout Timeout = RequestTimeout.After(s: 6);

    readonly IRequestClient<CheckQuota> _check = clients.CreateRequestClient<CheckQuota>(Timeout);
    readonly IRequestClient<DeductQuota> _deduct = clients.CreateRequestClient<DeductQuota>(Timeout);

    public async Task<QuotaStatus> Check(CheckQuota request, CancellationToken cancellationToken) => (await _check.GetResponse<QuotaStatus>(request, cancellationToken)).Message;

    public async Task<QuotaDeduction> Deduct(DeductQuota request, CancellationToken cancellationToken) => (await _deduct.GetResponse<QuotaDeduction>(request, cancellationToken)).Message;

    public ValueTask DisposeAsync() => dispose();

    /// <summary>
    /// As the gateway's user, who may publish requests and declare no queue: the answers come over the broker's direct reply-to,
    /// which needs none. It is what SetRabbitMqReplyToRequestClientFactory sets up, but for one thing: left to itself MassTransit moves
    /// an answer that comes after its requester's patience into a queue "_skipped"; the broker refuses that queue, closes the channel,
    /// and no answer ever arrives again.
    /// </summary>
    public static async Task<RequestDoor> OnRabbitMq(Uri address, CancellationToken cancellationToken)
    {
        var bus = Bus.Factory.CreateUsingRabbitMq(configure => configure.Host(address, host =>
        {
            var user = address.UserInfo.Split(':', 2);
            host.Username(Uri.UnescapeDataString(user[0]));
            host.Password(Uri.UnescapeDataString(user.ElementAtOrDefault(1) ?? ""));
        }));
        await bus.StartAsync(cancellationToken);
        var replies = bus.ConnectReceiveEndpoint("amq.rabbitmq.reply-to", endpoint =>
        {
            var queue = (IRabbitMqReceiveEndpointConfigurator)endpoint;
            (queue.Durable, queue.AutoDelete, queue.PrefetchCount) = (false, true, RepliesPrefetch);
            endpoint.ConfigureConsumeTopology = false;
            endpoint.DiscardSkippedMessages();
            endpoint.DiscardFaultedMessages();
        });
        await replies.Ready.WaitAsync(cancellationToken);
        return new RequestDoor(replies.CreateClientFactory(Timeout), async () => await bus.StopAsync(TimeSpan.FromSeconds(5)));
    }
}
