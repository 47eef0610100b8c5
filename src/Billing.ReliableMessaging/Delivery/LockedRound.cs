using System.Data;
using Microsoft.EntityFrameworkCore;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>
/// A batch in one transaction that keeps its rows locked while the broker confirms them: any number of processes share the work, and
/// the rows of one that dies are free at once.
/// </summary>
sealed class LockedRound<TDbContext>(DeliveryParts<TDbContext> parts) : IDeliveryRound where TDbContext : DbContext
{
    public async Task<bool> Run(CancellationToken stopping)
    {
        await using var scope = parts.Open(out var db, out var sql);
        await parts.PromoteDue(db, sql, stopping);

        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, stopping);
        var ready = await sql.FetchReady(db, parts.Options.QueryMessageLimit, [], stopping);
        if (ready.Count == 0) return false;

        var turn = await GroupOrder.Sendable(db, ready, [], stopping);
        var sent = await parts.Sender.Send(turn, stopping);
        var deliveries = await Task.WhenAll(sent.Select(message => message.Outcome()));
        // Dying before the commit sends them once more.
        await parts.Settle(db, sql, deliveries);
        await transaction.CommitAsync(CancellationToken.None);
        return ready.Count == parts.Options.QueryMessageLimit && deliveries.Any(delivery => delivery.Confirmed);
    }

    public Task End() => Task.CompletedTask;
}
