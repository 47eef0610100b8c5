using MassTransit;

namespace Billing.TestSupport.Messaging;

public sealed class ReserveStockConsumer(OrdersDb db, IPublishEndpoint publish) : IConsumer<ReserveStock>
{
    public async Task Consume(ConsumeContext<ReserveStock> context)
    {
        var order = await db.Orders.FindAsync(context.Message.OrderId);
        // By the scope's endpoint, not the context's: it must land in the same outbox.
        if (order!.Amount >= 0) await publish.Publish(new StockReserved(context.Message.OrderId));
    }
}

public sealed class OrderFinishedConsumer(OrdersDb db) : IConsumer<OrderFinished>
{
    public Task Consume(ConsumeContext<OrderFinished> context)
    {
        db.Add(new Note { Key = context.Message.OrderId, Text = context.Message.How });
        return Task.CompletedTask;
    }
}

public sealed class WriteNoteConsumer(OrdersDb db, Script script) : IConsumer<WriteNote>
{
    public async Task Consume(ConsumeContext<WriteNote> context)
    {
        script.Tried(context.Message.Key);
        db.Add(new Note { Key = context.Message.Key, Text = context.Message.Text });
        await context.Publish(new NoteWritten(context.Message.Key));
        script.FailIfToldSo();
    }
}

public sealed class NoteWrittenConsumer(Script script) : IConsumer<NoteWritten>
{
    public Task Consume(ConsumeContext<NoteWritten> context)
    {
        script.Heard.Enqueue(context.Message.Key);
        return Task.CompletedTask;
    }
}

/// <summary>Knows no outbox: commits by itself, before it returns.</summary>
public sealed class PlainNoteConsumer(OrdersDb db, Script script) : IConsumer<WriteNotePlainly>
{
    public async Task Consume(ConsumeContext<WriteNotePlainly> context)
    {
        script.Tried(context.Message.Key);
        await script.Pass();
        script.FailIfToldSo();
        db.Add(new Note { Key = context.Message.Key, Text = "plain" });
        await db.SaveChangesAsync(context.CancellationToken);
    }
}

public sealed class CountToConsumer(IPublishEndpoint publish) : IConsumer<CountTo>
{
    public async Task Consume(ConsumeContext<CountTo> context)
    {
        for (var number = 1; number <= context.Message.Last; number++)
        {
            var message = new Numbered(context.Message.Key, number);
            await (number % 2 == 0 ? context.Publish(message) : publish.Publish(message));
        }
    }
}

public sealed class NumberedConsumer(Script script) : IConsumer<Numbered>
{
    public Task Consume(ConsumeContext<Numbered> context)
    {
        script.Numbers.Enqueue(context.Message);
        return Task.CompletedTask;
    }
}

/// <summary>One at a time, so that the order of arrival is the order of delivery.</summary>
public sealed class NumberedConsumerDefinition : ConsumerDefinition<NumberedConsumer>
{
    public NumberedConsumerDefinition() => ConcurrentMessageLimit = 1;
}

public sealed class AskConsumer : IConsumer<Ask>
{
    public Task Consume(ConsumeContext<Ask> context)
    {
        // Not awaited, on purpose.
        _ = context.RespondAsync(new Answer(context.Message.Number + 1));
        return Task.CompletedTask;
    }
}

public sealed class TryLaterConsumer(OrdersDb db, Script script) : IConsumer<TryLater>
{
    public Task Consume(ConsumeContext<TryLater> context)
    {
        db.Add(new Note { Key = context.Message.Key, Text = "late" });
        return script.Tried(context.Message.Key) <= 2 ? throw new TimeoutException("later") : Task.CompletedTask;
    }
}

public sealed class TryLaterConsumerDefinition : ConsumerDefinition<TryLaterConsumer>
{
    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TryLaterConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseScheduledRedelivery(redelivery =>
        {
            redelivery.Handle<TimeoutException>();
            redelivery.Intervals(300, 300, 300);
        });
}

public sealed class CountStockConsumer(StockDb db) : IConsumer<CountStock>
{
    public Task Consume(ConsumeContext<CountStock> context)
    {
        db.Add(new StockCount { Key = context.Message.Key });
        return context.Publish(new WriteNote(context.Message.Key, "stock counted"));
    }
}
