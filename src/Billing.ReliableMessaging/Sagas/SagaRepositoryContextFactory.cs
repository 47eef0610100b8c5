using System.Data;
using MassTransit;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;

namespace Billing.ReliableMessaging.Sagas;

/// <summary>Opens the repository for one message: in the outbox's transaction where there is one, else in its own.</summary>
sealed class SagaRepositoryContextFactory<TSaga>(IServiceProvider provider, SagaRepositoryOptions<TSaga> options, ISagaConsumeContextFactory<DbContext, TSaga> factory)
    : ISagaRepositoryContextFactory<TSaga>, ILoadSagaRepositoryContextFactory<TSaga>, IQuerySagaRepositoryContextFactory<TSaga>
    where TSaga : class, ISaga
{
    public Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next) where T : class =>
        InTransaction(context, (db, joined) => next.Send(Repository(db, context, joined)));

    public Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next) where T : class =>
        InTransaction(context, async (db, joined) =>
        {
            var instances = await Find(db, query, context.CancellationToken);
            await next.Send(new LoadedSagaRepositoryQueryContext<TSaga, T>(Repository(db, context, joined), instances));
        });

    public Task<T> Execute<T>(Func<LoadSagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken) where T : class => asyncMethod(Reader(cancellationToken));

    public Task<T> Execute<T>(Func<QuerySagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken) where T : class => asyncMethod(Reader(cancellationToken));

    public void Probe(ProbeContext context) => context.Add("persistence", "entityFrameworkCore");

    async Task<List<TSaga>> Find(DbContext db, ISagaQuery<TSaga> query, CancellationToken cancellationToken)
    {
        var ids = await db.Set<TSaga>().Where(query.FilterExpression).Select(saga => saga.CorrelationId).ToListAsync(cancellationToken);
        var matches = query.GetFilter();
        var instances = new List<TSaga>(ids.Count);
        // In one order for all, so that two messages that meet at two instances wait in one direction only.
        foreach (var id in ids.Order())
        {
            if (await options.Load(db, id, cancellationToken) is { } saga && matches(saga)) instances.Add(saga);
        }
        return instances;
    }

    async Task InTransaction(ConsumeContext context, Func<DbContext, bool, Task> work)
    {
        var db = options.Resolve(provider);
        if (context.TryGetPayload(out OutboxTransactionContext? outer) && ReferenceEquals(outer.DbContext, db))
        {
            await work(db, true);
            return;
        }
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, context.CancellationToken);
        await work(db, false);
        await transaction.CommitAsync(context.CancellationToken);
    }

    SagaRepositoryMessageContext<TSaga, T> Repository<T>(DbContext db, ConsumeContext<T> context, bool joined) where T : class => new(db, context, factory, options, joined);

    SagaReaderContext<TSaga> Reader(CancellationToken cancellationToken) => new(options.Resolve(provider), cancellationToken);
}
