using Billing.ReliableMessaging.Engines;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.ReliableMessaging.Sagas;

sealed class SagaRepositoryConfigurator<TSaga>(SagaRepositoryOptions<TSaga> options) : IEntityFrameworkSagaRepositoryConfigurator<TSaga> where TSaga : class, ISaga
{
    public ConcurrencyMode ConcurrencyMode { set => options.IsPessimistic = value == ConcurrencyMode.Pessimistic; }

    public void ExistingDbContext<TContext>() where TContext : DbContext => options.DbContext = provider => provider.GetRequiredService<TContext>();

    public void CustomizeQuery(Func<IQueryable<TSaga>, IQueryable<TSaga>> customize) => options.Query = customize;

    public IEntityFrameworkSagaRepositoryConfigurator<TSaga> UsePostgres() => Use(DatabaseEngine.Postgres);

    public IEntityFrameworkSagaRepositoryConfigurator<TSaga> UseSqlite() => Use(DatabaseEngine.Sqlite);

    IEntityFrameworkSagaRepositoryConfigurator<TSaga> Use(DatabaseEngine engine)
    {
        options.Engine = engine;
        return this;
    }
}
