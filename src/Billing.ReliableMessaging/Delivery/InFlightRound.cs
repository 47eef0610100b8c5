using System.Collections.Concurrent;
using System.Data;
using Billing.ReliableMessaging.Engines;
using Microsoft.EntityFrameworkCore;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>
/// Sends without a transaction and remembers what is on its way: for an SQLite file, whose only writer must not wait for a broker, and for
/// consumers in this process, who need rows and writer themselves. One process owns such an outbox.
/// </summary>
sealed class InFlightRound<TDbContext>(DeliveryParts<TDbContext> parts) : IDeliveryRound where TDbContext : DbContext
{
    // A consumer that hangs keeps its messages in flight; there must be room for those of the others.
    const int BatchesInFlight = 5;

    readonly HashSet<long> _inFlight = [];
    readonly ConcurrentQueue<Delivery> _finished = [];

    public async Task<bool> Run(CancellationToken stopping)
    {
        await using var scope = parts.Open(out var db, out var sql);
        await SettleFinished(db, sql);
        var room = Math.Min(parts.Options.QueryMessageLimit, BatchesInFlight * parts.Options.QueryMessageLimit - _inFlight.Count);
        if (room <= 0) return false;

        await parts.PromoteDue(db, sql, stopping);
        long[] inFlight = [.. _inFlight];
        var ready = await sql.FetchReady(db, room, inFlight, stopping);
        if (ready.Count == 0) return false;

        var turn = await GroupOrder.Sendable(db, ready, inFlight, stopping);
        var sent = await parts.Sender.Send(turn, stopping);
        foreach (var message in sent)
        {
            _inFlight.Add(message.Row.SequenceNumber);
            _ = Finish(message, stopping);
        }
        return !_finished.IsEmpty || ready.Count == room && sent.Count > 0;
    }

    public async Task End()
    {
        await using var scope = parts.Open(out var db, out var sql);
        await SettleFinished(db, sql);
    }

    async Task Finish(SentMessage message, CancellationToken stopping)
    {
        var delivery = await message.Outcome();
        // Whoever stops knows nothing of it: the row waits for the next start.
        if (!delivery.Confirmed && stopping.IsCancellationRequested) return;
        _finished.Enqueue(delivery);
        parts.Signal.Give();
    }

    async Task SettleFinished(TDbContext db, OutboxSql sql)
    {
        if (_finished.IsEmpty) return;
        var finished = _finished.ToArray();
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, CancellationToken.None);
        // Dying before the commit sends them once more.
        await parts.Settle(db, sql, finished);
        await transaction.CommitAsync(CancellationToken.None);
        foreach (var delivery in finished)
        {
            _inFlight.Remove(delivery.Row.SequenceNumber);
            _finished.TryDequeue(out _);
        }
    }
}
