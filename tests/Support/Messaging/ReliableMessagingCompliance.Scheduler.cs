using System.Diagnostics;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.TestSupport.Messaging;

public abstract partial class ReliableMessagingCompliance
{
    [Fact]
    public async Task A_scheduled_message_comes_at_its_time_and_a_cancelled_one_never()
    {
        var host = await StartHost();
        var (kept, cancelled) = (NewId.NextGuid(), NewId.NextGuid());
        var clock = Stopwatch.StartNew();

        await host.InScope(async (provider, db) =>
        {
            var scheduler = provider.GetRequiredService<IMessageScheduler>();
            var due = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(1);
            await scheduler.SchedulePublish(due, new WriteNote(kept));
            var token = (await scheduler.SchedulePublish(due, new WriteNote(cancelled))).TokenId;
            await db.SaveChangesAsync();
            await scheduler.CancelScheduledPublish<WriteNote>(token);
            return token;
        });
        Assert.Equal(1, await OutboxRows());

        await NoteIs(kept);
        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(0.95), $"delivered after {clock.Elapsed}");
        await OutboxIsEmpty();
        Assert.Equal(0, await Notes(cancelled));
    }

    [Fact]
    public async Task A_message_scheduled_and_cancelled_before_SaveChanges_is_never_written()
    {
        var host = NewHost();

        await host.InScope(async (provider, db) =>
        {
            var scheduler = provider.GetRequiredService<IMessageScheduler>();
            var scheduled = await scheduler.SchedulePublish(TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(1), new WriteNote(NewId.NextGuid()));
            await scheduler.CancelScheduledPublish<WriteNote>(scheduled.TokenId);
            return await db.SaveChangesAsync();
        });

        Assert.Equal(0, await OutboxRows());
    }

    [Fact]
    public async Task Cancelling_a_message_that_is_being_delivered_neither_waits_nor_stops_it()
    {
        var sends = new HeldSends<WriteNote>();
        var host = await StartHost();
        using var connected = host.Bus.ConnectSendObserver(sends);
        var key = NewId.NextGuid();
        var token = await host.InScope(async (provider, db) =>
        {
            var scheduled = await provider.GetRequiredService<IMessageScheduler>().SchedulePublish(TimeProvider.System.GetUtcNow().UtcDateTime, new WriteNote(key));
            await db.SaveChangesAsync();
            return scheduled.TokenId;
        });
        await sends.Reached.WaitAsync(Eventually.Within);

        await host.InScope(async (provider, db) =>
        {
            await provider.GetRequiredService<IMessageScheduler>().CancelScheduledPublish<WriteNote>(token);
            return true;
        }).WaitAsync(TimeSpan.FromSeconds(10));

        sends.Release();
        await NoteIs(key);
        await OutboxIsEmpty();
        Assert.Equal(1, await Notes(key));
    }

    [Fact]
    public async Task A_saga_is_told_when_its_time_is_over_and_not_when_it_was_unscheduled()
    {
        var host = await StartHost();
        var (expires, finishes) = (NewId.NextGuid(), NewId.NextGuid());

        await host.Bus.Publish(new OrderPlaced(expires, -5));
        await host.Bus.Publish(new OrderPlaced(finishes, 5));

        await NoteIs(expires);
        await NoteIs(finishes);
        await OutboxIsEmpty();
        Assert.Equal(["expired"], await Read(db => db.Notes.Where(note => note.Key == expires).Select(note => note.Text).ToListAsync()));
        Assert.Equal(["reserved"], await Read(db => db.Notes.Where(note => note.Key == finishes).Select(note => note.Text).ToListAsync()));
    }

    [Fact]
    public async Task Scheduled_redelivery_waits_in_the_outbox_and_has_one_effect()
    {
        var host = await StartHost();
        var key = NewId.NextGuid();

        await host.Bus.Publish(new TryLater(key));

        await NoteIs(key);
        await OutboxIsEmpty();
        Assert.Equal((1, 3), (await Notes(key), host.Script.Tries[key]));
    }
}
