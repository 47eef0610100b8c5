using System.Data.Common;
using MassTransit;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Billing.Service.Hosting;

/// <summary>Passes the crash points around the commit of a recharge's transaction.</summary>
sealed class CommitFailPoints : DbTransactionInterceptor
{
    public override ValueTask<InterceptionResult> TransactionCommittingAsync(DbTransaction transaction, TransactionEventData data, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        FailPoint.Reach(FailPoint.BeforeRechargeCommit);
        return base.TransactionCommittingAsync(transaction, data, result, cancellationToken);
    }

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData data, CancellationToken cancellationToken = default)
    {
        FailPoint.Reach(FailPoint.AfterRechargeCommit);
        return base.TransactionCommittedAsync(transaction, data, cancellationToken);
    }
}

/// <summary>Passes the crash point after a message of an outbox was confirmed, and before its row is deleted.</summary>
sealed class AfterDeliveryObserver : ISendObserver
{
    public Task PostSend<T>(SendContext<T> context) where T : class
    {
        FailPoint.Reach(FailPoint.AfterDelivery);
        return Task.CompletedTask;
    }

    public Task PreSend<T>(SendContext<T> context) where T : class => Task.CompletedTask;

    public Task SendFault<T>(SendContext<T> context, Exception exception) where T : class => Task.CompletedTask;
}
