using Billing.Contracts;
using Billing.Client.Requests;
using MassTransit;

namespace Billing.Demo.Recharges;

/// <summary>Request and response on the broker: orders as the web page's user, decisions as the operator's.</summary>
sealed class BrokerRechargeDoor(RequestBus asWeb, RequestBus asOperator) : IRechargeDoor
{
    // An order is answered after five seconds even without a pay URL.
    static readonly RequestTimeout Timeout = RequestTimeout.After(s: 10);

    readonly IRequestClient<StartRecharge> _start = asWeb.Clients.CreateRequestClient<StartRecharge>(Timeout);
    readonly IRequestClient<ResolveRecharge> _resolve = asOperator.Clients.CreateRequestClient<ResolveRecharge>(Timeout);
    readonly IRequestClient<AssignPayment> _assign = asOperator.Clients.CreateRequestClient<AssignPayment>(Timeout);

    public static async Task<BrokerRechargeDoor> Open(Uri asWeb, Uri asOperator, CancellationToken cancellationToken) =>
        new(await RequestBus.Connect(asWeb).WaitAsync(cancellationToken), await RequestBus.Connect(asOperator).WaitAsync(cancellationToken));

    public async Task<RechargeStatus> Start(StartRecharge order, CancellationToken cancellationToken) => (await _start.GetResponse<RechargeStatus>(order, cancellationToken)).Message;

    public async Task<RechargeStatus> Resolve(ResolveRecharge decision, CancellationToken cancellationToken) => (await _resolve.GetResponse<RechargeStatus>(decision, cancellationToken)).Message;

    public async Task<UnmatchedPaymentStatus> Assign(AssignPayment decision, CancellationToken cancellationToken) =>
        (await _assign.GetResponse<UnmatchedPaymentStatus>(decision, cancellationToken)).Message;

    public async ValueTask DisposeAsync()
    {
        await asWeb.DisposeAsync();
        await asOperator.DisposeAsync();
    }
}
