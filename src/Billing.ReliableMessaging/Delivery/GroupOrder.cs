using Microsoft.EntityFrameworkCore;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>Keeps a group in order across batches, processes and failures: nothing is sent before what stands ahead of it in its group.</summary>
static class GroupOrder
{
    /// <summary>The rows whose turn it is.</summary>
    /// <param name="db">The context.</param>
    /// <param name="rows">Rows that are ready, by sequence number.</param>
    /// <param name="sent">Rows that were sent already, and so stand in nobody's way.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<List<OutboxMessage>> Sendable(DbContext db, List<OutboxMessage> rows, long[] sent, CancellationToken cancellationToken)
    {
        // A scheduled message follows nothing: what a timer is for is that something else does not happen.
        var lined = rows.Where(row => row.SchedulingTokenId is null).ToList();
        var firstOfBatch = lined.GroupBy(row => row.GroupId).ToDictionary(group => group.Key, group => group.First().SequenceNumber);
        var groups = firstOfBatch.Keys.ToArray();
        // A row that another process is sending can be seen here, for its deletion is not committed. A scheduled message holds up nobody.
        var firstOfAll = await db.Set<OutboxMessage>()
            .Where(row => EF.Parameter(groups).Contains(row.GroupId) && row.SchedulingTokenId == null && (row.EnqueueTime == null || row.DeliveryAttempts > 0) && !EF.Parameter(sent).Contains(row.SequenceNumber))
            .GroupBy(row => row.GroupId).Select(group => new { Group = group.Key, First = group.Min(row => row.SequenceNumber) })
            .ToListAsync(cancellationToken);

        var behind = firstOfAll.Where(group => group.First < firstOfBatch[group.Group]).ToDictionary(group => group.Group, group => group.First);
        if (behind.Count == 0) return rows;
        foreach (var (group, head) in behind) await WaitWith(db, head, [.. lined.Where(row => row.GroupId == group).Select(row => row.SequenceNumber)], cancellationToken);
        return [.. rows.Where(row => row.SchedulingTokenId is not null || !behind.ContainsKey(row.GroupId))];
    }

    // Rows that wait for one that backs off would fill every batch: they back off with it.
    static async Task WaitWith(DbContext db, long head, long[] followers, CancellationToken cancellationToken)
    {
        var due = await db.Set<OutboxMessage>().Where(row => row.SequenceNumber == head).Select(row => row.EnqueueTime).SingleOrDefaultAsync(cancellationToken);
        if (due is null) return;
        await WriteTransaction.Run(db, () => db.Set<OutboxMessage>().Where(row => EF.Parameter(followers).Contains(row.SequenceNumber))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.EnqueueTime, due), cancellationToken), cancellationToken);
    }
}
