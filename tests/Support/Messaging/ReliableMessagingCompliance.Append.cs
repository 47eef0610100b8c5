using System.Diagnostics;
using Billing.ReliableMessaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.TestSupport.Messaging;

public abstract partial class ReliableMessagingCompliance
{
    [Fact]
    public async Task Messages_appended_in_a_raw_transaction_are_delivered_once_if_it_commits_and_never_if_it_rolls_back()
    {
        var host = await StartHost();
        var outbox = host.Services.GetRequiredService<IOutbox<OrdersDb>>();
        Guid[] committed = [.. Enumerable.Range(0, 100).Select(_ => NewId.NextGuid())];
        Guid[] rolledBack = [NewId.NextGuid(), NewId.NextGuid()];

        await Append(outbox, rolledBack, commit: false);
        await Append(outbox, committed, commit: true);
        outbox.Notify();

        await Until(() => Read(db => db.Notes.CountAsync()), notes => notes >= committed.Length, "all are consumed");
        await OutboxIsEmpty();
        Assert.Equal(committed.Order(), (await Read(db => db.Notes.Select(note => note.Key).ToListAsync())).Order());
        // The id that the caller has chosen is the id that the consumers see.
        Assert.Equal(committed.Length, await Read(db => db.Inbox.CountAsync(row => committed.Contains(row.MessageId))));
    }

    [Fact]
    public async Task An_appended_message_equals_a_published_one()
    {
        var host = NewHost();
        var key = NewId.NextGuid();

        await host.InScope(async (publish, db) =>
        {
            await publish.Publish(new WriteNote(key), context => context.MessageId = key);
            await db.SaveChangesAsync();
        });
        await Append(host.Services.GetRequiredService<IOutbox<OrdersDb>>(), [key], commit: true);

        var rows = await Read(db => db.Outbox.OrderBy(row => row.SequenceNumber).ToListAsync());
        Assert.Equal(Comparable(rows[0]), Comparable(rows[1]));

        static object Comparable(OutboxMessage row) => (row.MessageId, row.MessageType, row.ContentType, row.DestinationAddress, row.SourceAddress, row.Headers, row.Properties,
            row.EnqueueTime, row.ExpirationTime, row.DeliveryAttempts, row.SchedulingTokenId, row.CorrelationId,
            // The moment and the conversation are each message's own.
            System.Text.Json.Nodes.JsonNode.Parse(row.Body)!["message"]!.ToJsonString(), System.Text.Json.Nodes.JsonNode.Parse(row.Body)!["messageType"]!.ToJsonString());
    }

    [Fact]
    public async Task Appending_needs_no_bus_that_runs()
    {
        var host = NewHost();
        var key = NewId.NextGuid();
        var clock = Stopwatch.StartNew();

        await Append(host.Services.GetRequiredService<IOutbox<OrdersDb>>(), [key], commit: true);

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(1, await OutboxRows());
        await host.Start();
        await NoteIs(key);
    }

    [Fact]
    public async Task Appended_messages_of_one_group_arrive_in_order()
    {
        var host = NewHost();
        var outbox = host.Services.GetRequiredService<IOutbox<OrdersDb>>();
        var key = NewId.NextGuid();
        OutgoingMessage[] messages = [.. Enumerable.Range(1, 500).Select(number => new OutgoingMessage(NewId.NextGuid(), new Numbered(key, number)) { GroupId = key })];

        await InRawTransaction(transaction => outbox.Append(transaction, messages), commit: true);
        await host.Start();

        await Until(() => host.Script.Numbers.Count, count => count >= 500, "all numbers have arrived");
        Assert.Equal(Enumerable.Range(1, 500), host.Script.Numbers.Select(message => message.Number));
    }

    protected async Task InRawTransaction(Func<System.Data.Common.DbTransaction, Task> write, bool commit)
    {
        await using var connection = await Database.Open();
        await using var transaction = await connection.BeginTransactionAsync();
        await write(transaction);
        if (commit) await transaction.CommitAsync();
    }

    Task Append(IOutbox<OrdersDb> outbox, Guid[] keys, bool commit) =>
        InRawTransaction(transaction => outbox.Append(transaction, [.. keys.Select(key => new OutgoingMessage(key, new WriteNote(key)))]), commit);
}
