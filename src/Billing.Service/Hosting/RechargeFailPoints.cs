using System.Data.Common;
using MassTransit;
using MassTransit.Serialization;
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

/// <summary>
/// Passes the crash points after a message was confirmed: one of an outbox, before its row is deleted; or what a door let in,
/// before its notification is acknowledged.
/// </summary>
sealed class AfterSendObserver : ISendObserver
{
    public Task PostSend<T>(SendContext<T> context) where T : class
    {
        if (typeof(T) == typeof(SerializedMessageBody)) FailPoint.Reach(FailPoint.AfterDelivery);
        else if (context.DestinationAddress?.AbsolutePath.EndsWith("/billing-recharges", StringComparison.Ordinal) == true) FailPoint.Reach(FailPoint.AfterLetIn);
        return Task.CompletedTask;
    }

    public Task PreSend<T>(SendContext<T> context) where T : class => Task.CompletedTask;

    public Task SendFault<T>(SendContext<T> context, Exception exception) where T : class => Task.CompletedTask;
}
