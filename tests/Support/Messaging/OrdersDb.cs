using Billing.ReliableMessaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Billing.TestSupport.Messaging;

/// <summary>A context with sagas, notes and an outbox, mapped as the product maps its own: snake_case, and in a schema where there are any.</summary>
public sealed class OrdersDb(DbContextOptions<OrdersDb> options) : DbContext(options)
{
    public DbSet<OrderState> Orders => Set<OrderState>();
    public DbSet<Note> Notes => Set<Note>();
    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();
    public DbSet<InboxState> Inbox => Set<InboxState>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        var schema = Database.IsNpgsql() ? "orders" : null;
        modelBuilder.HasDefaultSchema(schema);
        modelBuilder.Entity<OrderState>(order =>
        {
            order.HasKey(row => row.CorrelationId);
            order.Property(row => row.CorrelationId).ValueGeneratedNever();
            order.Property(row => row.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<Note>();
        modelBuilder.AddTransactionalOutboxEntities(OutboxModelBuilderExtensions.SnakeCase(schema));
    }
}
