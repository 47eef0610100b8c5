using Billing.TestSupport.Broker;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.TestSupport.Messaging;

public abstract partial class ReliableMessagingCompliance
{
    [Fact]
    public async Task A_message_delivered_five_times_at_once_has_one_effect_and_all_five_are_settled()
    {
        var host = await StartHost();
        var settled = new ReceiveCounter();
        host.Bus.ConnectReceiveObserver(settled);
        var (key, messageId) = (NewId.NextGuid(), NewId.NextGuid());

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => host.Bus.Publish(new WriteNote(key), context => context.MessageId = messageId)));

        // Five deliveries, and the one message that the one effect has published.
        await Until(() => settled.Settled, count => count >= 6, "five deliveries and one event are settled");
        Assert.Equal(1, await Notes(key));
        Assert.Equal([key], host.Script.Heard);
    }

    [Fact]
    public async Task A_message_that_comes_again_later_runs_nothing()
    {
        var host = await StartHost();
        var settled = new ReceiveCounter();
        host.Bus.ConnectReceiveObserver(settled);
        var (key, messageId) = (NewId.NextGuid(), NewId.NextGuid());

        await host.Bus.Publish(new WriteNote(key), context => context.MessageId = messageId);
        await Until(() => settled.Settled, count => count >= 2, "the first delivery is settled");
        await host.Bus.Publish(new WriteNote(key), context => context.MessageId = messageId);

        await Until(() => settled.Settled, count => count >= 3, "the repeat is settled");
        Assert.Equal(1, host.Script.Tries[key]);
    }

    [Fact]
    public async Task Failed_attempts_leave_neither_effects_nor_messages()
    {
        var host = await StartHost();
        var key = NewId.NextGuid();
        host.Script.FailuresToCome = 2;

        await host.Bus.Publish(new WriteNote(key));

        await Until(() => host.Script.Heard.Count, heard => heard > 0, "the third attempt's event arrives");
        await OutboxIsEmpty();
        Assert.Equal((1, 3), (await Notes(key), host.Script.Tries[key]));
        Assert.Equal([key], host.Script.Heard);
    }

    [Fact]
    public async Task An_answer_that_the_consumer_did_not_await_is_not_lost()
    {
        var host = await StartHost();

        await using var scope = host.Services.CreateAsyncScope();
        var answer = await scope.ServiceProvider.GetRequiredService<IClientFactory>().CreateRequestClient<Ask>().GetResponse<Answer>(new Ask(41));

        Assert.Equal(42, answer.Message.Number);
    }

    [Fact]
    public async Task Message_ids_are_forgotten_after_the_window_and_not_before()
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var (old, young) = (NewId.NextGuid(), NewId.NextGuid());
        await Read(async db =>
        {
            db.AddRange(Enumerable.Range(0, 1500).Select(_ => new Billing.ReliableMessaging.InboxState { MessageId = NewId.NextGuid(), ConsumerId = old, Received = now.AddHours(-2) }));
            db.Add(new Billing.ReliableMessaging.InboxState { MessageId = young, ConsumerId = young, Received = now.AddMinutes(-30) });
            return await db.SaveChangesAsync();
        });

        await StartHost(outbox => outbox.DuplicateDetectionWindow = TimeSpan.FromHours(1));

        await Until(() => Read(db => db.Inbox.CountAsync(row => row.ConsumerId == old)), rows => rows == 0, "the old ids are forgotten");
        Assert.Equal(1, await Read(db => db.Inbox.CountAsync(row => row.MessageId == young)));
    }
}
