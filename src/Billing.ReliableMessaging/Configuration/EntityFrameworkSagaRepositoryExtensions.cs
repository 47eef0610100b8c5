using Billing.ReliableMessaging.Sagas;
using MassTransit.Configuration;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MassTransit;

public static class EntityFrameworkSagaRepositoryExtensions
{
    /// <summary>Keeps the instances of a saga in a context. On an endpoint with its outbox they are saved in the outbox's transaction.</summary>
    /// <exception cref="ConfigurationException">ExistingDbContext, or both of UsePostgres and UseSqlite, were not called.</exception>
    public static ISagaRegistrationConfigurator<TSaga> EntityFrameworkRepository<TSaga>(
        this ISagaRegistrationConfigurator<TSaga> configurator, Action<IEntityFrameworkSagaRepositoryConfigurator<TSaga>> configure)
        where TSaga : class, ISaga
    {
        var options = new SagaRepositoryOptions<TSaga>();
        configure(new SagaRepositoryConfigurator<TSaga>(options));
        options.Validate();
        return configurator.Repository(repository =>
        {
            repository.TryAddSingleton(options);
            repository.RegisterLoadSagaRepository<TSaga, SagaRepositoryContextFactory<TSaga>>();
            repository.RegisterQuerySagaRepository<TSaga, SagaRepositoryContextFactory<TSaga>>();
            repository.RegisterSagaRepository<TSaga, DbContext, SagaConsumeContextFactory<DbContext, TSaga>, SagaRepositoryContextFactory<TSaga>>();
        });
    }
}
