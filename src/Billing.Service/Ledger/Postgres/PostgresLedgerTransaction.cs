using Billing.ReliableMessaging;
using Billing.Service.Charging;
using Npgsql;

namespace Billing.Service.Ledger.Postgres;

/// <summary>One batch on one connection. Reading is one round trip, writing and committing is one.</summary>
sealed class PostgresLedgerTransaction(NpgsqlConnection connection, IOutbox<LedgerOutbox> outbox) : ILedgerTransaction
{
    bool _open;

    public Snapshot Snapshot { get; private set; } = null!;

    public async Task LockAndRead(BatchKeys keys, Dictionary<string, long> accountIds, CancellationToken cancellationToken)
    {
        _open = true;
        Snapshot = await PostgresSnapshotReader.Read(connection, keys, accountIds, cancellationToken);
    }

    public async Task Commit(Decisions decisions, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        PostgresWriter.Write(batch, decisions, Snapshot.Now.UtcDateTime);
        if (messages.Count > 0) batch.BatchCommands.Add((await outbox.Prepare(messages, cancellationToken)).ToBatchCommand());
        batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        _open = false;
        // Dying before this line only delays them: the delivery also looks by itself.
        if (messages.Count > 0) outbox.Notify();
    }

    public async ValueTask DisposeAsync()
    {
        if (_open) await RollBack();
        await connection.DisposeAsync();
    }

    async Task RollBack()
    {
        try
        {
            await using var command = new NpgsqlCommand("rollback", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // The connection is broken: the server rolls back by itself. It must not go back into the pool.
            await connection.CloseAsync();
        }
    }
}
