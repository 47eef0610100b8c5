using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Billing.ReliableMessaging;

/// <summary>The outbox of a context, for those who write without EF Core and for those who watch it.</summary>
public interface IOutbox<TDbContext> where TDbContext : DbContext
{
    /// <summary>
    /// Publishes messages in a transaction that is not EF Core's: one statement for all of them on PostgreSQL, one prepared statement on
    /// SQLite. Call <see cref="Notify"/> after the commit. Needs no broker.
    /// </summary>
    Task Append(DbTransaction transaction, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken = default);

    /// <summary>The rows of such messages, for those who batch their statements themselves.</summary>
    Task<OutboxRows> Prepare(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken = default);

    /// <summary>Wakes the delivery after a commit; without it the rows are found by polling.</summary>
    void Notify();

    /// <summary>How much waits, since when, and how much of it keeps failing.</summary>
    Task<OutboxBacklog> ReadBacklog(CancellationToken cancellationToken = default);
}
