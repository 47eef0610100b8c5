using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Billing.TestSupport.Messaging;

public abstract partial class ReliableMessagingCompliance
{
    [Fact]
    public async Task A_saga_and_its_consumers_go_through_to_the_end_and_leave_nothing_in_the_outbox()
    {
        var host = await StartHost();
        var order = NewId.NextGuid();

        await host.Bus.Publish(new OrderPlaced(order, 10));

        await NoteIs(order);
        await OutboxIsEmpty();
        Assert.Equal("Finished", await Read(db => db.Orders.Where(row => row.CorrelationId == order).Select(row => row.CurrentState).SingleAsync()));
    }

    [Theory]
    [InlineData(ConcurrencyMode.Pessimistic)]
    [InlineData(ConcurrencyMode.Optimistic)]
    public async Task Eight_first_messages_at_once_make_one_saga(ConcurrencyMode concurrency)
    {
        var host = await StartHost(concurrency: concurrency);
        var order = NewId.NextGuid();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.Bus.Publish(new OrderPlaced(order, 3))));

        await Until(() => Read(db => db.Inbox.CountAsync()), rows => rows >= 8 + 3, "all eight and what one of them caused are consumed");
        await OutboxIsEmpty();
        Assert.Equal(1, await Notes(order));
    }

    [Theory]
    [InlineData(ConcurrencyMode.Pessimistic)]
    [InlineData(ConcurrencyMode.Optimistic)]
    public async Task Changes_at_once_to_one_saga_are_all_kept(ConcurrencyMode concurrency)
    {
        var host = await StartHost(concurrency: concurrency);
        var order = NewId.NextGuid();
        await host.Bus.Publish(new OrderPlaced(order, 7));
        await NoteIs(order);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.Bus.Publish(new TouchOrder(order))));

        await Until(() => Touched(order), touched => touched == 10, "all ten changes are there");
    }

    [Fact]
    public async Task Sagas_are_found_by_an_expression()
    {
        var host = await StartHost();
        Guid[] orders = [NewId.NextGuid(), NewId.NextGuid()];
        foreach (var order in orders) await host.Bus.Publish(new OrderPlaced(order, 77));
        foreach (var order in orders) await NoteIs(order);

        await host.Bus.Publish(new TouchOrdersOf(77));

        foreach (var order in orders) await Until(() => Touched(order), touched => touched == 1, "each saga of that amount is told");
    }

    [Fact]
    public async Task A_message_for_a_saga_that_is_not_there_is_consumed_and_makes_none()
    {
        var host = await StartHost();
        var order = NewId.NextGuid();

        await host.Bus.Publish(new TouchOrder(order));

        await Until(() => Read(db => db.Inbox.CountAsync()), rows => rows == 1, "the message is consumed");
        Assert.Equal(0, await Read(db => db.Orders.CountAsync()));
    }

    [Fact]
    public async Task A_saga_that_is_inserted_first_is_inserted_once()
    {
        var host = await StartHost();
        var order = NewId.NextGuid();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.Bus.Publish(new OrderImported(order))));

        await Until(() => Read(db => db.Inbox.CountAsync()), rows => rows == 4, "all four messages are consumed");
        Assert.Equal(["Finished"], await Read(db => db.Orders.Select(row => row.CurrentState).ToListAsync()));
    }

    Task<int> Touched(Guid order) => Read(db => db.Orders.Where(row => row.CorrelationId == order).Select(row => row.Touched).SingleAsync());
}
