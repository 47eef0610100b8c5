using Microsoft.EntityFrameworkCore;

namespace MassTransit;

/// <summary>Settings of a saga repository.</summary>
public interface IEntityFrameworkSagaRepositoryConfigurator<TSaga> where TSaga : class, ISaga
{
    /// <summary>Pessimistic by default: the instance is locked while it is worked on. Optimistic needs a concurrency token in the model.</summary>
    ConcurrencyMode ConcurrencyMode { set; }

    /// <summary>The registered context that holds the saga, and whose outbox its endpoint uses.</summary>
    void ExistingDbContext<TContext>() where TContext : DbContext;

    /// <summary>What is loaded together with an instance.</summary>
    void CustomizeQuery(Func<IQueryable<TSaga>, IQueryable<TSaga>> customize);

    IEntityFrameworkSagaRepositoryConfigurator<TSaga> UsePostgres();

    IEntityFrameworkSagaRepositoryConfigurator<TSaga> UseSqlite();
}
