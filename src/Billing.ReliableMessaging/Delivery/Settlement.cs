using Billing.ReliableMessaging.Engines;
using Microsoft.EntityFrameworkCore;

namespace Billing.ReliableMessaging.Delivery;

/// <summary>Writes what became of rows: the confirmed are deleted, the failed wait longer each time.</summary>
static class Settlement
{
    const int LongestPauseSeconds = 300;
    const int LongestError = 1000;

    public static async Task Write(DbContext db, OutboxSql sql, IReadOnlyCollection<Delivery> deliveries, DateTime now, CancellationToken cancellationToken)
    {
        var confirmed = deliveries.Where(delivery => delivery.Confirmed).Select(delivery => delivery.Row.SequenceNumber).ToArray();
        // EF.Parameter, here and elsewhere: one statement for any number of values, where EF Core would make another for each number.
        if (confirmed.Length > 0) await db.Set<OutboxMessage>().Where(row => EF.Parameter(confirmed).Contains(row.SequenceNumber)).ExecuteDeleteAsync(cancellationToken);

        OutboxMessage[] failed = [.. deliveries.Where(delivery => !delivery.Confirmed).Select(delivery => Failed(delivery, now))];
        if (failed.Length > 0) await sql.BackOff(db, failed, cancellationToken);
    }

    static OutboxMessage Failed(Delivery delivery, DateTime now)
    {
        var (row, error) = (delivery.Row, delivery.Error!);
        row.EnqueueTime = now.AddSeconds(Math.Min(LongestPauseSeconds, 1L << Math.Min(row.DeliveryAttempts, 30)));
        row.DeliveryAttempts++;
        var text = $"{error.GetType().Name}: {error.Message}";
        row.LastError = text.Length > LongestError ? text[..LongestError] : text;
        return row;
    }
}
