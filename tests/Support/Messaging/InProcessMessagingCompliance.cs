using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.TestSupport.Messaging;

/// <summary>What more there is to do where no broker keeps a message: a row may go only when its consumers have committed.</summary>
public abstract class InProcessMessagingCompliance : ReliableMessagingCompliance
{
    [Fact]
    public async Task A_row_stays_until_a_consumer_without_an_outbox_has_committed()
    {
        var host = await StartHost();
        var key = NewId.NextGuid();
        host.Script.Hold();

        await PublishPlainly(host, key);

        await Until(() => host.Script.Tries.Count, tries => tries == 1, "the message has reached its consumer");
        // Others go their way meanwhile, and need the writer of an SQLite file for it.
        var other = NewId.NextGuid();
        await Publish(host, other);
        await NoteIs(other);
        await Until(OutboxRows, rows => rows == 1, "only the held message is left");

        host.Script.Release();
        await NoteIs(key);
        await OutboxIsEmpty();
        Assert.Equal(1, host.Script.Tries[key]);
    }

    [Fact]
    public async Task A_message_whose_consumer_fails_is_delivered_again()
    {
        var host = await StartHost();
        var key = NewId.NextGuid();
        host.Script.FailuresToCome = 1;

        await PublishPlainly(host, key);

        var row = await Until(() => Read(db => db.Outbox.SingleOrDefaultAsync()), row => row?.DeliveryAttempts == 1, "the row says that its consumer failed");
        Assert.Contains("told to fail", row!.LastError, StringComparison.Ordinal);
        await NoteIs(key);
        await OutboxIsEmpty();
        Assert.Equal((1, 2), (await Notes(key), host.Script.Tries[key]));
    }

    [Fact]
    public async Task A_row_stays_until_every_endpoint_has_consumed_it()
    {
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var host = await StartHost();
        var key = NewId.NextGuid();
        await host.Services.GetRequiredService<IReceiveEndpointConnector>().ConnectReceiveEndpoint("second", (_, endpoint) => endpoint.Handler<WriteNote>(_ => second.Task)).Ready;

        await Publish(host, key);
        await NoteIs(key);
        await Until(() => Read(db => db.Outbox.CountAsync(row => row.MessageType.Contains("NoteWritten"))), rows => rows == 0, "what the first endpoint has published is gone");
        Assert.Equal(1, await OutboxRows());

        second.SetResult();
        await OutboxIsEmpty();
    }

    [Fact]
    public async Task A_consumer_that_takes_too_long_gets_it_again_and_the_inbox_makes_that_harmless()
    {
        var host = await StartHost(outbox => outbox.MessageDeliveryTimeout = TimeSpan.FromMilliseconds(300));
        var held = new HeldConsumption<WriteNote>();
        using var connected = host.Bus.ConnectConsumeObserver(held);
        var key = NewId.NextGuid();

        await Publish(host, key);
        await Until(() => Read(db => db.Outbox.Select(row => row.DeliveryAttempts).SingleOrDefaultAsync()), attempts => attempts >= 1, "the delivery has failed by its timeout");
        held.Release();

        await OutboxIsEmpty();
        Assert.Equal(1, await Notes(key));
        Assert.Equal([key], host.Script.Heard);
    }

    [Fact]
    public async Task A_consumer_may_cancel_a_row_that_is_on_its_way()
    {
        Guid token = default;
        var host = await StartHost();
        var key = NewId.NextGuid();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await host.Services.GetRequiredService<IReceiveEndpointConnector>().ConnectReceiveEndpoint("canceller", (_, endpoint) => endpoint.Handler<WriteNote>(async _ =>
        {
            await host.InScope(async (provider, db) =>
            {
                await provider.GetRequiredService<IMessageScheduler>().CancelScheduledPublish<WriteNote>(token);
                return true;
            });
            cancelled.TrySetResult();
        })).Ready;

        await host.InScope(async (provider, db) =>
        {
            token = (await provider.GetRequiredService<IMessageScheduler>().SchedulePublish(TimeProvider.System.GetUtcNow().UtcDateTime, new WriteNote(key))).TokenId;
            return await db.SaveChangesAsync();
        });

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await NoteIs(key);
        await OutboxIsEmpty();
    }

    [Fact]
    public async Task What_a_killed_process_had_not_consumed_is_consumed_after_the_next_start_and_has_one_effect()
    {
        var killed = await StartHost();
        var key = NewId.NextGuid();
        killed.Script.Hold();
        await PublishPlainly(killed, key);
        await Until(() => killed.Script.Tries.Count, tries => tries == 1, "the message has reached its consumer");
        killed.Kill();

        await StartHost();

        await NoteIs(key);
        await OutboxIsEmpty();
        Assert.Equal(1, await Notes(key));
    }

    static Task PublishPlainly(MessagingHost host, Guid key) => host.InScope(async (publish, db) =>
    {
        await publish.Publish(new WriteNotePlainly(key));
        await db.SaveChangesAsync();
    });
}
