using Billing.Contracts;
using MassTransit;

namespace Billing.Demo.Gateway;

/// <summary>Request and response over the bus, whichever transport that is.</summary>
sealed class RequestDoor(IClientFactory clients, Func<ValueTask> dispose) : IQuotaDoor
{
    static readonly RequestTimeout Timeout = RequestTimeout.After(s: 6);

    readonly IRequestClient<CheckQuota> _check = clients.CreateRequestClient<CheckQuota>(Timeout);
    readonly IRequestClient<DeductQuota> _deduct = clients.CreateRequestClient<DeductQuota>(Timeout);

    public async Task<QuotaStatus> Check(CheckQuota request, CancellationToken cancellationToken) => (await _check.GetResponse<QuotaStatus>(request, cancellationToken)).Message;

    public async Task<QuotaDeduction> Deduct(DeductQuota request, CancellationToken cancellationToken) => (await _deduct.GetResponse<QuotaDeduction>(request, cancellationToken)).Message;

    public ValueTask DisposeAsync() => dispose();

    public static async Task<RequestDoor> OnRabbitMq(Uri address, CancellationToken cancellationToken)
    {
        var bus = await RequestBus.Connect(address, cancellationToken);
        return new RequestDoor(bus.Clients, bus.DisposeAsync);
    }
}
