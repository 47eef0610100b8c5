using System.Globalization;
using System.Text;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Billing.Sagas;

/// <summary>The recharges with their inbox and outbox: on PostgreSQL in a schema of their own, in SQLite in tables of their own.</summary>
sealed class RechargesDb(DbContextOptions<RechargesDb> options) : DbContext(options)
{
    public const string Schema = "recharges";

    public DbSet<RechargeState> Recharges => Set<RechargeState>();
    public DbSet<Refund> Refunds => Set<Refund>();
    public DbSet<PaymentClaim> PaymentClaims => Set<PaymentClaim>();
    public DbSet<UnmatchedPayment> UnmatchedPayments => Set<UnmatchedPayment>();
    public DbSet<RechargeHistory> History => Set<RechargeHistory>();

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<Money>().HaveConversion<MoneyConverter>();
        if (IsSqlite) conventions.Properties<DateTimeOffset>().HaveConversion<MicrosecondsConverter>();
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        if (!IsSqlite) model.HasDefaultSchema(Schema);
        model.ApplyConfiguration(new RechargeStateMap());
        model.Entity<Refund>(refund => refund.ToTable("recharge_refund").HasKey(x => new { x.RechargeId, x.RefundId }));
        model.Entity<PaymentClaim>(claim => claim.ToTable("payment_claim").HasKey(x => x.PaymentId));
        model.Entity<UnmatchedPayment>(payment =>
        {
            payment.ToTable("unmatched_payments").HasKey(x => x.UnmatchedId);
            payment.Property(x => x.UnmatchedId).ValueGeneratedNever();
            payment.Property(x => x.Version).IsConcurrencyToken();
        });
        model.Entity<RechargeHistory>(history => history.ToTable("recharge_history").HasKey(x => x.HistoryId));

        foreach (var property in model.Model.GetEntityTypes().SelectMany(type => type.GetProperties())) property.SetColumnName(SnakeCase(property.Name));
        model.Entity<RechargeState>().Property(x => x.CorrelationId).HasColumnName("recharge_id");

        // In one file the ledger's outbox has the plain name.
        model.AddTransactionalOutboxEntities(OutboxModelBuilderExtensions.SnakeCase(IsSqlite ? null : Schema, prefix: IsSqlite ? "recharge_" : ""));
    }

    bool IsSqlite => Database.ProviderName == "Microsoft.EntityFrameworkCore.Sqlite";

    static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        foreach (var character in name)
        {
            if (char.IsUpper(character) && text.Length > 0) text.Append('_');
            text.Append(char.ToLower(character, CultureInfo.InvariantCulture));
        }
        return text.ToString();
    }

    sealed class MoneyConverter() : ValueConverter<Money, long>(money => money.Nanos, nanos => new Money(nanos));

    sealed class MicrosecondsConverter() : ValueConverter<DateTimeOffset, long>(
        instant => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
        microseconds => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond));
}
