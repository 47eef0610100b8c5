using Billing.ReliableMessaging.Engines;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Billing.ReliableMessaging.Sagas;

/// <summary>Where the instances of a saga are kept, and how they are loaded.</summary>
sealed class SagaRepositoryOptions<TSaga> where TSaga : class, ISaga
{
    public Func<IServiceProvider, DbContext>? DbContext { get; set; }

    public DatabaseEngine? Engine { get; set; }

    public bool IsPessimistic { get; set; } = true;

    public Func<IQueryable<TSaga>, IQueryable<TSaga>> Query { get; set; } = instances => instances;

    public void Validate()
    {
        if (DbContext is null) throw new ConfigurationException($"The saga repository of {typeof(TSaga).Name} needs ExistingDbContext.");
        if (Engine is null) throw new ConfigurationException($"The saga repository of {typeof(TSaga).Name} needs UsePostgres or UseSqlite.");
    }

    public DbContext Resolve(IServiceProvider provider)
    {
        var db = DbContext!(provider);
        Engine!.Check(db);
        return db;
    }

    public Task<TSaga?> Load(DbContext db, Guid correlationId, CancellationToken cancellationToken)
    {
        var instances = IsPessimistic
            ? Engine!.Locked<TSaga>(db, nameof(ISaga.CorrelationId), correlationId)
            : db.Set<TSaga>().Where(saga => saga.CorrelationId == correlationId);
        return Query(instances).AsTracking().SingleOrDefaultAsync(cancellationToken);
    }
}
