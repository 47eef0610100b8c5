using MassTransit;
using MassTransit.Context;
using MassTransit.Logging;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;

namespace Billing.ReliableMessaging.Sagas;

/// <summary>The repository for one message. Joined to the outbox's transaction, it leaves saving to the outbox's one SaveChanges.</summary>
sealed class SagaRepositoryMessageContext<TSaga, TMessage>(
    DbContext db, ConsumeContext<TMessage> context, ISagaConsumeContextFactory<DbContext, TSaga> factory, SagaRepositoryOptions<TSaga> options, bool joined)
    : ConsumeContextScope<TMessage>(context, db), SagaRepositoryContext<TSaga, TMessage>
    where TSaga : class, ISaga
    where TMessage : class
{
    readonly ConsumeContext<TMessage> _context = context;

    public Task<SagaConsumeContext<TSaga, TMessage>> Add(TSaga instance) => Consume(instance, SagaConsumeContextMode.Add);

    public async Task<SagaConsumeContext<TSaga, TMessage>> Insert(TSaga instance)
    {
        var entry = db.Add(instance);
        try
        {
            // An instance that is there already must not spoil the transaction.
            db.Database.AutoSavepointsEnabled = true;
            await db.SaveChangesAsync(CancellationToken);
            _context.LogInsert<TSaga, TMessage>(instance.CorrelationId);
            return await Consume(instance, SagaConsumeContextMode.Insert);
        }
        catch (DbUpdateException exception)
        {
            entry.State = EntityState.Detached;
            _context.LogInsertFault<TSaga, TMessage>(exception, instance.CorrelationId);
            return null!;
        }
        finally
        {
            db.Database.AutoSavepointsEnabled = !joined;
        }
    }

    public async Task<SagaConsumeContext<TSaga, TMessage>> Load(Guid correlationId) =>
        await options.Load(db, correlationId, CancellationToken) is { } saga ? await Consume(saga, SagaConsumeContextMode.Load) : null!;

    public Task Save(SagaConsumeContext<TSaga> context)
    {
        db.Add(context.Saga);
        return Flush();
    }

    public Task Update(SagaConsumeContext<TSaga> context)
    {
        // The token of those who keep it themselves; PostgreSQL's xmin changes by itself.
        if (!options.IsPessimistic && context.Saga is ISagaVersion versioned && db.Entry(context.Saga).State == EntityState.Modified) versioned.Version++;
        return Flush();
    }

    public Task Delete(SagaConsumeContext<TSaga> context)
    {
        db.Remove(context.Saga);
        return Flush();
    }

    public Task Discard(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    public Task Undo(SagaConsumeContext<TSaga> context)
    {
        db.Entry(context.Saga).State = EntityState.Unchanged;
        return Task.CompletedTask;
    }

    public Task<SagaConsumeContext<TSaga, T>> CreateSagaConsumeContext<T>(ConsumeContext<T> consumeContext, TSaga instance, SagaConsumeContextMode mode) where T : class =>
        factory.CreateSagaConsumeContext(db, consumeContext, instance, mode);

    Task Flush() => joined ? Task.CompletedTask : db.SaveChangesAsync(CancellationToken);

    Task<SagaConsumeContext<TSaga, TMessage>> Consume(TSaga instance, SagaConsumeContextMode mode) => factory.CreateSagaConsumeContext(db, _context, instance, mode);
}
