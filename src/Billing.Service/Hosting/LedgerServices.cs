using Billing.ReliableMessaging;
using Billing.Service.Batching;
using Billing.Service.Catalogues;
using Billing.Service.Ledger;
using Billing.Service.Ledger.Migrations;
using Billing.Service.Ledger.Postgres;
using Billing.Service.Ledger.Sqlite;
using Microsoft.Extensions.Options;

namespace Billing.Service.Hosting;

static class LedgerServices
{
    public static void AddLedger(this IServiceCollection services, ServerAddresses addresses)
    {
        if (addresses.Postgres is { } postgres)
        {
            services.AddSingleton<IDatabase>(_ => new PostgresDatabase(PostgresConnections.ForTheRest(postgres)));
            services.AddSingleton<IRecordRetirement, PostgresRetirement>();
            services.AddSingleton<ILedgerStore>(provider => new PostgresLedgerStore(PostgresConnections.ForCharging(postgres), provider.GetRequiredService<IOutbox<LedgerOutbox>>()));
        }
        else
        {
            services.AddSingleton(provider => new SqliteDatabase(provider.GetRequiredService<IOptions<BillingOptions>>().Value.DataFile));
            services.AddSingleton<IDatabase>(provider => provider.GetRequiredService<SqliteDatabase>());
            services.AddSingleton<IRecordRetirement, SqliteRetirement>();
            services.AddSingleton<ILedgerStore, SqliteLedgerStore>();
        }

        services.AddSingleton(Schemas.All);
        services.AddSingleton<SchemaVersion>();
        services.AddSingleton(provider => NewMigrator(provider, addresses));
        services.AddSingleton<CatalogueStore>();
        services.AddSingleton<Rules>();
        services.AddSingleton<IRules>(provider => provider.GetRequiredService<Rules>());
        services.AddSingleton<CatalogueChanges>();
        services.AddSingleton<CatalogueAnswers>();
        services.AddSingleton<LedgerWriter>();
        services.AddSingleton<ChargingBatcher>();
    }

    static Migrator NewMigrator(IServiceProvider provider, ServerAddresses addresses)
    {
        var (sources, time, logger) = (provider.GetRequiredService<IReadOnlyList<MigrationFiles>>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Migrator>>());
        if (addresses.Postgres is not { } postgres) return new Migrator(provider.GetRequiredService<IDatabase>(), sources, time, logger);

        var owner = addresses.PostgresOwner is { } other ? PostgresOwner.Checked(other, postgres) : postgres;
        var role = PostgresOwner.RoleOf(postgres);
        var rights = role == PostgresOwner.RoleOf(owner) ? null : ServiceRights.Of(role);
        return new Migrator(new PostgresDatabase(PostgresConnections.ForMigrations(owner)), sources, time, logger, rights);
    }
}
