using Billing.ReliableMessaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MassTransit;

public static class OutboxModelBuilderExtensions
{
    /// <summary>Adds the inbox and the outbox to the model of a context.</summary>
    /// <param name="model">The model.</param>
    /// <param name="callback">Maps both to tables and columns of another name, <see cref="SnakeCase"/> for one; PascalCase without it.</param>
    public static void AddTransactionalOutboxEntities(this ModelBuilder model, Action<EntityTypeBuilder>? callback = null)
    {
        model.AddInboxStateEntity(callback);
        model.AddOutboxMessageEntity(callback);
    }

    public static void AddInboxStateEntity(this ModelBuilder model, Action<EntityTypeBuilder>? callback = null) => model.Entity<InboxState>(inbox =>
    {
        inbox.HasKey(row => new { row.MessageId, row.ConsumerId });
        inbox.Property(row => row.Received).HasConversion(UtcTime.Converter);
        callback?.Invoke(inbox);
        inbox.HasIndex(row => row.Received);
    });

    public static void AddOutboxMessageEntity(this ModelBuilder model, Action<EntityTypeBuilder>? callback = null) => model.Entity<OutboxMessage>(outbox =>
    {
        outbox.HasKey(row => row.SequenceNumber);
        outbox.Property(row => row.SequenceNumber).ValueGeneratedOnAdd();
        outbox.Property(row => row.SentTime).HasConversion(UtcTime.Converter);
        outbox.Property(row => row.ExpirationTime).HasConversion(UtcTime.Converter);
        outbox.Property(row => row.EnqueueTime).HasConversion(UtcTime.Converter);
        callback?.Invoke(outbox);

        var due = $"\"{outbox.Property(row => row.EnqueueTime).Metadata.GetColumnName()}\"";
        var token = $"\"{outbox.Property(row => row.SchedulingTokenId).Metadata.GetColumnName()}\"";
        outbox.HasIndex(row => row.SequenceNumber).HasFilter($"{due} IS NULL");
        outbox.HasIndex(row => row.EnqueueTime).HasFilter($"{due} IS NOT NULL");
        outbox.HasIndex(row => row.SchedulingTokenId).HasFilter($"{token} IS NOT NULL");
        outbox.HasIndex(row => new { row.GroupId, row.SequenceNumber });
    });

    /// <summary>A mapping to <c>inbox_state</c>, <c>outbox_message</c> and their columns in snake_case, for <see cref="AddTransactionalOutboxEntities"/>.</summary>
    /// <param name="schema">The schema of both tables; SQLite has none.</param>
    /// <param name="prefix">Goes before both table names, where several outboxes share a database without schemas.</param>
    public static Action<EntityTypeBuilder> SnakeCase(string? schema = null, string prefix = "") => entity =>
    {
        entity.ToTable(prefix + ToSnakeCase(entity.Metadata.ClrType.Name), schema);
        foreach (var property in entity.Metadata.GetProperties().ToList()) entity.Property(property.Name).HasColumnName(ToSnakeCase(property.Name));
    };

    static string ToSnakeCase(string name) => string.Concat(name.Select((letter, index) =>
        char.IsUpper(letter) && index > 0 ? $"_{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
