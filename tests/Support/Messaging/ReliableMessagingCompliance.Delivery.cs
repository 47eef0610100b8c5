using Billing.ReliableMessaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.TestSupport.Messaging;

public abstract partial class ReliableMessagingCompliance
{
    [Fact]
    public async Task A_message_that_cannot_be_sent_keeps_its_error_backs_off_and_holds_up_nobody()
    {
        var host = NewHost();
        var (poisonGroup, key) = (NewId.NextGuid(), NewId.NextGuid());
        await AddRows(Poison(poisonGroup));
        await Publish(host, key);
        await host.Start();

        await NoteIs(key);
        var poison = await Until(() => Read(db => db.Outbox.SingleAsync(row => row.GroupId == poisonGroup)), row => row.DeliveryAttempts >= 2, "the poison row is tried again");
        Assert.Contains("Exception", poison.LastError, StringComparison.Ordinal);
        Assert.NotNull(poison.EnqueueTime);

        await Until(OutboxRows, rows => rows == 1, "all others are gone");
        var backlog = await host.Services.GetRequiredService<IOutbox<OrdersDb>>().ReadBacklog();
        Assert.Equal((0, 1), (backlog.Ready, backlog.Failing));
        Assert.True(backlog.OldestAge > TimeSpan.Zero);
    }

    [Fact]
    public async Task Nothing_overtakes_a_message_of_its_own_group_that_could_not_be_sent()
    {
        var (group, key) = (NewId.NextGuid(), NewId.NextGuid());
        var host = await StartHost();
        var first = await CaptureRow(new Numbered(key, 1), group);
        var body = first.Body;
        first.Body = "unreadable";
        var rest = new List<OutboxMessage>();
        for (var number = 2; number <= 5; number++) rest.Add(await CaptureRow(new Numbered(key, number), group));
        var (other, otherKey) = (await CaptureRow(new Numbered(key, 100), NewId.NextGuid()), NewId.NextGuid());

        await AddRows([first, .. rest, other]);
        await Publish(host, otherKey);

        await Until(() => Read(db => db.Outbox.MaxAsync(row => row.DeliveryAttempts)), attempts => attempts >= 2, "the first of the group has failed twice");
        Assert.Equal([100], host.Script.Numbers.Select(message => message.Number));

        await Read(db => db.Outbox.Where(row => row.Body == "unreadable").ExecuteUpdateAsync(set => set.SetProperty(row => row.Body, body)));
        await Until(() => host.Script.Numbers.Count, count => count >= 6, "the group goes on once its first message can be sent");
        Assert.Equal([100, 1, 2, 3, 4, 5], host.Script.Numbers.Select(message => message.Number));

        async Task<OutboxMessage> CaptureRow(object message, Guid groupId) => Assert.Single(
            (await host.Services.GetRequiredService<IOutbox<OrdersDb>>().Prepare([new OutgoingMessage(NewId.NextGuid(), message) { GroupId = groupId }])).Messages);
    }

    [Fact]
    public async Task A_backlog_of_ten_thousand_messages_drains_and_each_arrives_once()
    {
        const int Count = 10_000;
        var host = NewHost();
        var outbox = host.Services.GetRequiredService<IOutbox<OrdersDb>>();
        var key = NewId.NextGuid();
        OutgoingMessage[] messages = [.. Enumerable.Range(1, Count).Select(number => new OutgoingMessage(NewId.NextGuid(), new Numbered(key, number)))];
        await InRawTransaction(transaction => outbox.Append(transaction, messages), commit: true);

        await host.Start();

        await Until(OutboxRows, rows => rows == 0, "the backlog is drained", TimeSpan.FromSeconds(90));
        await Until(() => host.Script.Numbers.Count, count => count >= Count, "all messages have arrived");
        Assert.Equal(Enumerable.Range(1, Count), host.Script.Numbers.Select(message => message.Number).Order());
    }

    [Fact]
    public async Task A_mandatory_message_that_nobody_takes_stays_until_somebody_does()
    {
        var host = await StartHost(outbox => outbox.Mandatory<Unheard>());
        var key = NewId.NextGuid();
        await host.InScope(async (publish, db) =>
        {
            await publish.Publish(new Unheard(key));
            await db.SaveChangesAsync();
        });
        await Until(() => Read(db => db.Outbox.SingleOrDefaultAsync()), row => row?.DeliveryAttempts >= 1, "the message has come back");

        var heard = new TaskCompletionSource<Guid>(TaskCreationOptions.RunContinuationsAsynchronously);
        var endpoint = host.Services.GetRequiredService<IReceiveEndpointConnector>().ConnectReceiveEndpoint("late", (_, configurator) => configurator.Handler<Unheard>(context =>
        {
            heard.TrySetResult(context.Message.Key);
            return Task.CompletedTask;
        }));
        await endpoint.Ready;

        Assert.Equal(key, await heard.Task.WaitAsync(Eventually.Within));
        await OutboxIsEmpty();
    }

    [Fact]
    public async Task A_message_that_nobody_must_take_is_gone_when_it_is_sent()
    {
        var host = await StartHost();

        await host.InScope(async (publish, db) =>
        {
            await publish.Publish(new Unheard(NewId.NextGuid()));
            await db.SaveChangesAsync();
        });

        await OutboxIsEmpty();
    }

    [Fact]
    public async Task What_a_killed_process_had_not_sent_goes_out_at_the_next_start_and_has_one_effect()
    {
        var sends = new HeldSends<WriteNote>();
        var killed = await StartHost();
        using var connected = killed.Bus.ConnectSendObserver(sends);
        var key = NewId.NextGuid();
        await Publish(killed, key);
        await sends.Reached.WaitAsync(Eventually.Within);
        killed.Kill();
        sends.Break();

        await StartHost();

        await NoteIs(key);
        await OutboxIsEmpty();
        Assert.Equal(1, await Notes(key));
    }

    protected static Task Publish(MessagingHost host, Guid key) => host.InScope(async (publish, db) =>
    {
        await publish.Publish(new WriteNote(key));
        await db.SaveChangesAsync();
    });

    Task AddRows(params IEnumerable<OutboxMessage> rows) => Read(db =>
    {
        db.AddRange(rows);
        return db.SaveChangesAsync();
    });

    static OutboxMessage Poison(Guid group) => new()
    {
        GroupId = group,
        MessageId = group,
        ContentType = "application/vnd.masstransit+json",
        MessageType = "urn:message:Nobody:Knows",
        Body = "not json",
        DestinationAddress = new Uri("queue:nowhere"),
        SentTime = TimeProvider.System.GetUtcNow().UtcDateTime,
    };
}
