using Billing.Service.Ledger.Postgres;
using Billing.Service.Queries;
using Billing.Service.Queries.Postgres;
using Billing.Service.Queries.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Billing.Service.Hosting;

static class QueryServices
{
    const string Reads = "reads";

    public static void AddQueries(this IServiceCollection services, ServerAddresses addresses)
    {
        if (addresses.Postgres is { } postgres)
        {
            services.AddKeyedSingleton(Reads, (provider, _) =>
            {
                var options = provider.GetRequiredService<IOptions<QueryOptions>>().Value;
                return PostgresConnections.ForReading(postgres, options.ConnectionsMax, options.CommandTimeoutSeconds);
            });
            services.AddSingleton<IRecordsReader>(provider => new PostgresRecordsReader(Source(provider)));
            services.AddSingleton<IAccountsReader>(provider => new PostgresAccountsReader(Source(provider)));
            services.AddSingleton<IStatisticsReader>(provider => new PostgresStatisticsReader(Source(provider)));
        }
        else
        {
            services.AddSingleton<IRecordsReader, SqliteRecordsReader>();
            services.AddSingleton<IAccountsReader, SqliteAccountsReader>();
            services.AddSingleton<IStatisticsReader, SqliteStatisticsReader>();
        }

        services.AddSingleton<RecordAnswers>();
        services.AddSingleton<LedgerAnswers>();
        services.AddSingleton<StatisticsAnswers>();
    }

    static NpgsqlDataSource Source(IServiceProvider provider) => provider.GetRequiredKeyedService<NpgsqlDataSource>(Reads);
}
