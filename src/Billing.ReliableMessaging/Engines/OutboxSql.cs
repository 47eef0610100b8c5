using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Billing.ReliableMessaging.Engines;

/// <summary>The statements that differ from engine to engine. What EF Core says well for both stands where it is used.</summary>
abstract class OutboxSql
{
    /// <summary>Rows fetched in a transaction stay locked until its end, and rows that others have locked are left out.</summary>
    public abstract bool LocksRows { get; }

    /// <summary>1 when this consumer sees the message for the first time, 0 when it has already committed its effects.</summary>
    public abstract Task<int> InsertInbox(DbContext db, InboxState row, CancellationToken cancellationToken);

    public abstract Task<int> CleanInbox(DbContext db, DateTime before, int limit, CancellationToken cancellationToken);

    /// <summary>The oldest rows that are ready, except those of these numbers.</summary>
    public abstract Task<List<OutboxMessage>> FetchReady(DbContext db, int limit, long[] except, CancellationToken cancellationToken);

    /// <summary>Makes rows ready whose time has come.</summary>
    public abstract Task PromoteDue(DbContext db, DateTime now, int limit, CancellationToken cancellationToken);

    /// <summary>Writes attempts, time of the next one and error of each row.</summary>
    public abstract Task BackOff(DbContext db, IReadOnlyList<OutboxMessage> rows, CancellationToken cancellationToken);

    /// <summary>Deletes a scheduled message, unless it is being delivered.</summary>
    public abstract Task CancelScheduled(DbContext db, Guid tokenId, CancellationToken cancellationToken);

    /// <summary>Inserts rows with what ADO.NET has, inside the caller's transaction.</summary>
    public abstract Task Append(DbTransaction transaction, IReadOnlyList<OutboxMessage> rows, CancellationToken cancellationToken);
}
