using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.TestSupport.Messaging;

public abstract partial class ReliableMessagingCompliance
{
    [Fact]
    public async Task What_is_published_outside_of_consumers_goes_out_with_SaveChanges_and_only_then()
    {
        var host = await StartHost();
        var (saved, forgotten) = (NewId.NextGuid(), NewId.NextGuid());

        await host.InScope((publish, _) => publish.Publish(new WriteNote(forgotten)));
        await host.InScope(async (publish, db) =>
        {
            await publish.Publish(new WriteNote(saved));
            await db.SaveChangesAsync();
        });

        await NoteIs(saved);
        await OutboxIsEmpty();
        Assert.False(host.Script.Tries.ContainsKey(forgotten));
    }

    [Fact]
    public async Task What_is_published_in_an_explicit_transaction_goes_out_with_its_commit()
    {
        var host = await StartHost();
        var (committed, rolledBack, disposed) = (NewId.NextGuid(), NewId.NextGuid(), NewId.NextGuid());

        await InTransaction(rolledBack, transaction => transaction.RollbackAsync());
        await InTransaction(disposed, _ => Task.CompletedTask);
        await InTransaction(committed, transaction => transaction.CommitAsync());

        await NoteIs(committed);
        await OutboxIsEmpty();
        Assert.False(host.Script.Tries.ContainsKey(rolledBack) || host.Script.Tries.ContainsKey(disposed));

        Task InTransaction(Guid key, Func<Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction, Task> end) => host.InScope(async (publish, db) =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await publish.Publish(new WriteNote(key));
            await db.SaveChangesAsync();
            await end(transaction);
        });
    }

    [Fact]
    public async Task Messages_of_one_consumer_arrive_once_and_in_order()
    {
        var host = await StartHost();
        var key = NewId.NextGuid();

        // More than one batch.
        await host.Bus.Publish(new CountTo(key, 450));

        await Until(() => host.Script.Numbers.Count, count => count >= 450, "all numbers have arrived");
        await OutboxIsEmpty();
        Assert.Equal(Enumerable.Range(1, 450), host.Script.Numbers.Select(message => message.Number));
    }

    [Fact]
    public async Task Two_contexts_of_one_host_have_an_outbox_each()
    {
        var host = await StartHost();
        var key = NewId.NextGuid();

        // By the outbox of the orders to a consumer with that of the stock, whose message goes back to one with that of the orders.
        await host.InScope(async (publish, db) =>
        {
            await publish.Publish(new CountStock(key));
            await db.SaveChangesAsync();
        });

        await NoteIs(key);
        await using var stock = Database.Stock();
        await Until(() => stock.Outbox.CountAsync(), rows => rows == 0, "the outbox of the stock is empty");
        Assert.Equal(1, await stock.Counts.CountAsync(count => count.Key == key));
    }

    [Fact]
    public async Task A_pooled_context_is_handed_out_clean()
    {
        var host = await StartHost();
        var key = NewId.NextGuid();
        await host.Bus.Publish(new WriteNote(key));
        await NoteIs(key);
        await OutboxIsEmpty();

        for (var index = 0; index < 5; index++)
        {
            await using var scope = host.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<OrdersDb>();
            Assert.True(db.Database.AutoSavepointsEnabled);
            Assert.Empty(db.ChangeTracker.Entries());
        }
    }
}
