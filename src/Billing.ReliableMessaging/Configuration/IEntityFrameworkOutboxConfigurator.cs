using Billing.ReliableMessaging;

namespace MassTransit;

/// <summary>Settings of the inbox and outbox of one context.</summary>
public interface IEntityFrameworkOutboxConfigurator : ITransactionalOutboxConfigurator
{
    /// <summary>How long a message's id is remembered; 7 days by default. A repeat after that is a new message.</summary>
    TimeSpan DuplicateDetectionWindow { set; }

    /// <summary>How often the table is looked at without a signal; 250 ms by default. Bounds the lateness of scheduled messages.</summary>
    TimeSpan QueryDelay { set; }

    /// <summary>Rows of a batch; 200 by default.</summary>
    int QueryMessageLimit { set; }

    /// <summary>How long a delivery may stay unconfirmed before it counts as failed; 30 s by default.</summary>
    TimeSpan MessageDeliveryTimeout { set; }

    /// <summary>Batches in delivery at once, on PostgreSQL with a broker; 1 by default. Order inside a group holds with any number.</summary>
    int ConcurrentDeliveries { set; }

    /// <summary>Messages that must reach somebody: one that no queue takes stays in the outbox and is tried again.</summary>
    void Mandatory(Func<OutboxMessage, bool> isMandatory);

    /// <summary>As above, for the messages of one type. May be called for several.</summary>
    void Mandatory<TMessage>() where TMessage : class;

    /// <summary>Inbox rows are then kept until somebody else deletes them.</summary>
    void DisableInboxCleanupService();

    /// <summary>What is published or sent outside of consumers goes into this context's outbox too. For one context of a host at most.</summary>
    void UseBusOutbox(Action<IEntityFrameworkBusOutboxConfigurator>? configure = null);

    /// <summary>The context is on PostgreSQL.</summary>
    IEntityFrameworkOutboxConfigurator UsePostgres();

    /// <summary>The context is on an SQLite file, which this process alone writes to.</summary>
    IEntityFrameworkOutboxConfigurator UseSqlite();
}
