using Billing.ReliableMessaging;
using Billing.TestSupport.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Billing.IntegrationTests.Messaging;

[Collection(ServersCollection.Name)]
public sealed class AppendInBatchTests(Servers servers) : IAsyncLifetime
{
    PostgresMessagingDatabase _database = null!;
    MessagingHost _host = null!;

    public async Task InitializeAsync()
    {
        _database = await PostgresMessagingDatabase.Create(servers);
        _host = MessagingHost.Build(_database, new InMemoryTransport());
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Messages_go_into_the_outbox_in_one_round_trip_with_the_callers_statements_and_the_commit()
    {
        Guid[] keys = [.. Enumerable.Range(0, 50).Select(_ => NewId.NextGuid())];
        var rows = await _host.Services.GetRequiredService<IOutbox<OrdersDb>>().Prepare([.. keys.Select(key => new OutgoingMessage(key, new WriteNote(key)))]);

        await using (var connection = (NpgsqlConnection)await _database.Open())
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("begin"));
            batch.BatchCommands.Add(rows.ToBatchCommand());
            batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
            await batch.ExecuteNonQueryAsync();
        }

        await _host.Start();
        await using var db = _database.Orders();
        await Eventually.That(() => db.Notes.CountAsync(), notes => notes == keys.Length, "all messages are consumed");
    }
}
