using Billing.Service.Ledger.Postgres;
using Npgsql;

namespace Billing.Benchmarks.Compare;

/// <summary>A database with the catalogue, the days and the accounts, filled once; every measurement begins with a copy of it.</summary>
sealed class Template : IAsyncDisposable
{
    readonly Bench _bench;

    Template(Bench bench, int users) => (_bench, Users) = (bench, users);

    public int Users { get; }
    public string Name => _bench.Name;

    public static async Task<Template> Create(int users, Func<Bench, Task>? fill = null)
    {
        var bench = await Bench.Create();
        foreach (var service in Workload.Services)
        {
            var (price, quota) = (service.Prices.Single(), service.FreeQuotas.Single());
            await Bench.Execute(bench.DataSource,
                $"""
                insert into service values ({service.ServiceId}, '{service.Name}', {(int)service.PricedBy});
                insert into price values ({service.ServiceId}, {price.Version}, {price.Price.Amount.Nanos}, {price.Price.PerUnits}, '{price.From:O}');
                insert into free_quota_version values ({service.ServiceId}, {quota.Version}, {quota.Units}, '{quota.FromMonth:yyyy-MM-dd}')
                """);
        }
        await new UsageRecordDays(bench.DataSource).MakeAhead(TimeProvider.System.GetUtcNow(), CancellationToken.None);
        await bench.OpenAccounts(users);
        if (fill is not null) await fill(bench);
        await using (var plain = PostgresConnections.ForMigrations(bench.ConnectionString)) await Bench.Execute(plain, "analyze");
        // A database that somebody is connected to cannot be copied.
        NpgsqlConnection.ClearAllPools();
        bench.DataSource.Clear();
        return new Template(bench, users);
    }

    public Task<Bench> Copy() => Bench.Create(Name);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();
}
