using Billing.Contracts;

namespace Billing.Demo.Recharges;

/// <summary>How users order recharges and an operator decides on them. Throws when there was no answer; asked again, nothing happens twice.</summary>
interface IRechargeDoor : IAsyncDisposable
{
    Task<RechargeStatus> Start(StartRecharge order, CancellationToken cancellationToken);

    Task<RechargeStatus> Resolve(ResolveRecharge decision, CancellationToken cancellationToken);

    Task<UnmatchedPaymentStatus> Assign(AssignPayment decision, CancellationToken cancellationToken);
}
