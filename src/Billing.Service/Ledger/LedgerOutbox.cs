using Billing.ReliableMessaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Billing.Service.Ledger;

/// <summary>
/// The ledger's outbox as EF Core sees it, for its delivery alone: the ledger writes its rows with its own statements, in the charging
/// transaction. The tables are made by the migrations.
/// </summary>
public sealed class LedgerOutbox(DbContextOptions<LedgerOutbox> options) : DbContext(options)
{
    // The ledger's own keys make its messages exactly once: the inbox that the model must have has no table.
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.AddTransactionalOutboxEntities(OutboxModelBuilderExtensions.SnakeCase(Database.IsNpgsql() ? Postgres.PostgresDatabase.Schema : null));
}

public static class LedgerOutboxConfiguration
{
    // The writers wake the delivery; polling is for what other processes left behind.
    static readonly TimeSpan Polling = TimeSpan.FromSeconds(1);

    public static void AddLedgerOutbox(this IBusRegistrationConfigurator bus, bool onPostgres)
    {
        bus.AddDbContext<LedgerOutbox>((provider, options) => provider.GetRequiredService<IDatabase>().Connect(options));
        bus.AddEntityFrameworkOutbox<LedgerOutbox>(outbox =>
        {
            if (onPostgres) outbox.UsePostgres();
            else outbox.UseSqlite();
            outbox.QueryDelay = Polling;
            outbox.DisableInboxCleanupService();
            // Whoever began a recharge must hear its answers, and the webhooks of this very service hear the rest.
            outbox.Mandatory<AccountCredited>();
            outbox.Mandatory<CreditRefunded>();
            outbox.Mandatory<DebtIncurred>();
            outbox.Mandatory<BalanceLow>();
            outbox.Mandatory<FreeQuotaReached>();
            outbox.Mandatory<DriftFound>();
            outbox.Mandatory<AuditFailed>();
        });
    }
}
