using Billing.ReliableMessaging.Engines;

namespace Billing.ReliableMessaging.Configuration;

/// <summary>The knobs of one context's outbox.</summary>
sealed class OutboxOptions<TDbContext>
{
    public DatabaseEngine? Engine { get; set; }

    /// <summary>Without a signal of this process, the table is looked at this often: for rows of other processes, and for rows whose time has come.</summary>
    public TimeSpan QueryDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Rows of a batch. Beyond a few hundred a batch only holds its locks for longer.</summary>
    public int QueryMessageLimit { get; set; } = 200;

    public TimeSpan MessageDeliveryTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Batches at once on PostgreSQL with a broker. One keeps the order even across groups.</summary>
    public int ConcurrentDeliveries { get; set; } = 1;

    public TimeSpan DuplicateDetectionWindow { get; set; } = TimeSpan.FromDays(7);

    public TimeSpan CleanupDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Inbox rows forgotten by one statement.</summary>
    public int CleanupLimit { get; set; } = 1000;

    public Func<OutboxMessage, bool> IsMandatory { get; set; } = _ => false;
}
