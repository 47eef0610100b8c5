using Billing.Contracts;
using Billing.Client.Requests;
using MassTransit;

namespace Billing.Demo.Partner;

/// <summary>Request and response on the broker, as the service that gives out API keys.</summary>
sealed class BrokerKeyDoor(RequestBus bus) : IKeyDoor
{
    static readonly RequestTimeout Timeout = RequestTimeout.After(s: 10);

    readonly IRequestClient<InitializeAccount> _initialize = bus.Clients.CreateRequestClient<InitializeAccount>(Timeout);

    public static async Task<IKeyDoor> Open(Uri address, CancellationToken cancellationToken) => new BrokerKeyDoor(await RequestBus.Connect(address).WaitAsync(cancellationToken));

    public async Task<AccountStatus> Initialize(string user, CancellationToken cancellationToken) =>
        (await _initialize.GetResponse<AccountStatus>(new InitializeAccount { UserId = user }, cancellationToken)).Message;

    public ValueTask DisposeAsync() => bus.DisposeAsync();
}
