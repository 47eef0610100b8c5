using Billing.ReliableMessaging.Configuration;
using Billing.ReliableMessaging.Engines;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>What both kinds of round need.</summary>
sealed class DeliveryParts<TDbContext>(
    IServiceScopeFactory scopes, OutboxStore<TDbContext> store, OutboxOptions<TDbContext> options, OutboxSignal<TDbContext> signal, GroupSender sender, Func<bool> canSend, FailureLog failures, TimeProvider time)
    where TDbContext : DbContext
{
    const int PromotedAtOnce = 1000;

    long _promoted;

    public OutboxOptions<TDbContext> Options => options;

    public OutboxSignal<TDbContext> Signal => signal;

    public GroupSender Sender => sender;

    public AsyncServiceScope Open(out TDbContext db, out OutboxSql sql)
    {
        var scope = scopes.CreateAsyncScope();
        db = scope.ServiceProvider.GetRequiredService<TDbContext>();
        sql = store.For(db);
        return scope;
    }

    /// <summary>Makes rows ready whose time has come, as often as the table is looked at.</summary>
    public async Task PromoteDue(TDbContext db, OutboxSql sql, CancellationToken cancellationToken)
    {
        if (_promoted != 0 && time.GetElapsedTime(_promoted) < options.QueryDelay / 2) return;
        _promoted = time.GetTimestamp();
        var now = Now();
        // Looked for first: an empty write would still wait for the only writer of an SQLite file.
        if (!await db.Set<OutboxMessage>().AnyAsync(row => row.EnqueueTime <= now, cancellationToken)) return;
        await WriteTransaction.Run(db, () => sql.PromoteDue(db, now, PromotedAtOnce, cancellationToken), cancellationToken);
    }

    /// <summary>Written even while stopping: what was confirmed should be forgotten.</summary>
    public Task Settle(TDbContext db, OutboxSql sql, IReadOnlyCollection<Delivery> deliveries)
    {
        // When the broker is away, that is nobody's failure: the rows stay as they are.
        var known = canSend() ? deliveries : [.. deliveries.Where(delivery => delivery.Confirmed)];
        failures.Write(known);
        return Settlement.Write(db, sql, known, Now(), CancellationToken.None);
    }

    DateTime Now() => time.GetUtcNow().UtcDateTime;
}
