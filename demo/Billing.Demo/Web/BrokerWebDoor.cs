using Billing.Contracts;
using Billing.Client.Requests;
using MassTransit;

namespace Billing.Demo.Web;

/// <summary>Request and response on the broker, as the web page's user.</summary>
sealed class BrokerWebDoor(RequestBus bus) : IWebDoor
{
    static readonly RequestTimeout Timeout = RequestTimeout.After(s: 20);

    readonly IRequestClient<GetAccount> _account = bus.Clients.CreateRequestClient<GetAccount>(Timeout);
    readonly IRequestClient<ListRecords> _records = bus.Clients.CreateRequestClient<ListRecords>(Timeout);
    readonly IRequestClient<ListLedger> _ledger = bus.Clients.CreateRequestClient<ListLedger>(Timeout);
    readonly IRequestClient<GetStatistics> _statistics = bus.Clients.CreateRequestClient<GetStatistics>(Timeout);

    public static async Task<IWebDoor> Open(Uri address, CancellationToken cancellationToken) => new BrokerWebDoor(await RequestBus.Connect(address).WaitAsync(cancellationToken));

    public async Task<AccountStatus> Account(string user, CancellationToken cancellationToken) =>
        (await _account.GetResponse<AccountStatus>(new GetAccount { UserId = user }, cancellationToken)).Message;

    public async Task<RecordPage> Records(ListRecords request, CancellationToken cancellationToken) => (await _records.GetResponse<RecordPage>(request, cancellationToken)).Message;

    public async Task<LedgerPage> Ledger(ListLedger request, CancellationToken cancellationToken) => (await _ledger.GetResponse<LedgerPage>(request, cancellationToken)).Message;

    public async Task<UsageStatistics> Statistics(GetStatistics request, CancellationToken cancellationToken) =>
        (await _statistics.GetResponse<UsageStatistics>(request, cancellationToken)).Message;

    public ValueTask DisposeAsync() => bus.DisposeAsync();
}
