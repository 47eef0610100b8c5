using Billing.ReliableMessaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Billing.TestSupport.Messaging;

/// <summary>A second context of the same host and database, with an outbox of its own under EF Core's own names.</summary>
public sealed class StockDb(DbContextOptions<StockDb> options) : DbContext(options)
{
    public DbSet<StockCount> Counts => Set<StockCount>();
    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<StockCount>();
        modelBuilder.AddTransactionalOutboxEntities();
    }
}
