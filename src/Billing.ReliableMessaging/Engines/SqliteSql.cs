using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Billing.ReliableMessaging.Engines;

/// <summary>SQLite: the whole file has one writer, so no row is ever locked; one process owns the outbox.</summary>
sealed class SqliteSql : OutboxSql
{
    readonly string _insertInbox;
    readonly string _cleanInbox;
    readonly string _promoteDue;
    readonly string _append;

    public SqliteSql(TableNames inbox, TableNames outbox)
    {
        var (message, consumer, received) = (inbox[nameof(InboxState.MessageId)], inbox[nameof(InboxState.ConsumerId)], inbox[nameof(InboxState.Received)]);
        _insertInbox = $"insert into {inbox.Table} ({message}, {consumer}, {received}) values ({{0}}, {{1}}, {{2}}) on conflict do nothing";
        _cleanInbox = $"delete from {inbox.Table} where ({message}, {consumer}) in (select {message}, {consumer} from {inbox.Table} where {received} < {{0}} order by {received} limit {{1}})";

        var (sequence, due) = (outbox[nameof(OutboxMessage.SequenceNumber)], outbox[nameof(OutboxMessage.EnqueueTime)]);
        _promoteDue = $"update {outbox.Table} set {due} = null where {sequence} in (select {sequence} from {outbox.Table} where {due} <= {{0}} order by {due}, {sequence} limit {{1}})";
        _append =
            $"insert into {outbox.Table} ({string.Join(", ", InsertColumns.All.Select(column => outbox[column.Property]))}) values ({string.Join(", ", InsertColumns.All.Select((_, index) => $"$p{index}"))})";
    }

    public override bool LocksRows => false;

    public override Task<int> InsertInbox(DbContext db, InboxState row, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(_insertInbox, [row.MessageId, row.ConsumerId, row.Received], cancellationToken);

    public override Task<int> CleanInbox(DbContext db, DateTime before, int limit, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(_cleanInbox, [before, limit], cancellationToken);

    public override Task<List<OutboxMessage>> FetchReady(DbContext db, int limit, long[] except, CancellationToken cancellationToken) => db.Set<OutboxMessage>()
        .Where(row => row.EnqueueTime == null && !EF.Parameter(except).Contains(row.SequenceNumber)).OrderBy(row => row.SequenceNumber).Take(limit)
        .AsNoTracking().ToListAsync(cancellationToken);

    public override Task PromoteDue(DbContext db, DateTime now, int limit, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(_promoteDue, [now, limit], cancellationToken);

    public override async Task BackOff(DbContext db, IReadOnlyList<OutboxMessage> rows, CancellationToken cancellationToken)
    {
        foreach (var row in rows)
        {
            await db.Set<OutboxMessage>().Where(kept => kept.SequenceNumber == row.SequenceNumber).ExecuteUpdateAsync(set => set
                .SetProperty(kept => kept.DeliveryAttempts, row.DeliveryAttempts)
                .SetProperty(kept => kept.EnqueueTime, row.EnqueueTime)
                .SetProperty(kept => kept.LastError, row.LastError), cancellationToken);
        }
    }

    public override Task CancelScheduled(DbContext db, Guid tokenId, CancellationToken cancellationToken) =>
        db.Set<OutboxMessage>().Where(row => row.SchedulingTokenId == tokenId).ExecuteDeleteAsync(cancellationToken);

    public override async Task Append(DbTransaction transaction, IReadOnlyList<OutboxMessage> rows, CancellationToken cancellationToken)
    {
        await using var command = (SqliteCommand)transaction.Connection!.CreateCommand();
        command.Transaction = (SqliteTransaction)transaction;
        command.CommandText = _append;
        for (var index = 0; index < InsertColumns.All.Count; index++) command.Parameters.Add(new SqliteParameter { ParameterName = $"$p{index}" });
        foreach (var row in rows)
        {
            for (var index = 0; index < InsertColumns.All.Count; index++) command.Parameters[index].Value = InsertColumns.All[index].Value(row) ?? DBNull.Value;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
