using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace Billing.ReliableMessaging.Engines;

/// <summary>PostgreSQL: row locks that others skip, so that any number of processes share one outbox.</summary>
sealed class PostgresSql : OutboxSql
{
    // A duplicate at the same time waits here for the first: for nothing to insert once that commits, for its own turn once that rolls back.
    readonly string _insertInbox;
    readonly string _cleanInbox;
    readonly string _fetchReady;
    readonly string _promoteDue;
    readonly string _backOff;
    readonly string _cancelScheduled;

    public PostgresSql(TableNames inbox, TableNames outbox)
    {
        var (message, consumer, received) = (inbox[nameof(InboxState.MessageId)], inbox[nameof(InboxState.ConsumerId)], inbox[nameof(InboxState.Received)]);
        _insertInbox = $"insert into {inbox.Table} ({message}, {consumer}, {received}) values ({{0}}, {{1}}, {{2}}) on conflict do nothing";
        _cleanInbox = $"delete from {inbox.Table} where ctid = any(array(select ctid from {inbox.Table} where {received} < {{0}} order by {received} limit {{1}} for update skip locked))";

        var (sequence, due, token) = (outbox[nameof(OutboxMessage.SequenceNumber)], outbox[nameof(OutboxMessage.EnqueueTime)], outbox[nameof(OutboxMessage.SchedulingTokenId)]);
        _fetchReady = $"select * from {outbox.Table} where {due} is null and not {sequence} = any({{1}}) order by {sequence} limit {{0}} for update skip locked";
        _promoteDue = $"update {outbox.Table} set {due} = null where {sequence} in (select {sequence} from {outbox.Table} where {due} <= {{0}} order by {due}, {sequence} limit {{1}} for update skip locked)";
        _cancelScheduled = $"delete from {outbox.Table} where {sequence} in (select {sequence} from {outbox.Table} where {token} = {{0}} for update skip locked)";
        _backOff =
            $"""
            update {outbox.Table} o set {outbox[nameof(OutboxMessage.DeliveryAttempts)]} = d.attempts, {due} = d.due, {outbox[nameof(OutboxMessage.LastError)]} = d.error
            from unnest(@sequences, @attempts, @dues, @errors) d (sequence, attempts, due, error) where o.{sequence} = d.sequence
            """;
        AppendStatement =
            $"insert into {outbox.Table} ({string.Join(", ", InsertColumns.All.Select(column => outbox[column.Property]))}) select * from unnest({string.Join(", ", InsertColumns.All.Select((_, index) => $"${index + 1}"))})";
    }

    public override bool LocksRows => true;

    /// <summary>Takes arrays, one a column: one statement for any number of rows.</summary>
    public string AppendStatement { get; }

    /// <summary>The lock of one row, by one column. "*" leaves out system columns, and a row version is mapped to one.</summary>
    public static string LockRow(TableNames table, string property) =>
        $"select *{(table.HasColumn("xmin") ? ", xmin" : "")} from {table.Table} where {table[property]} = {{0}} for update";

    public static NpgsqlParameter[] AppendParameters(IReadOnlyList<OutboxMessage> rows) =>
        [.. InsertColumns.All.Select(column => new NpgsqlParameter { Value = Values(column, rows), NpgsqlDbType = NpgsqlDbType.Array | DbType(column.Type) })];

    public override Task<int> InsertInbox(DbContext db, InboxState row, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(_insertInbox, [row.MessageId, row.ConsumerId, row.Received], cancellationToken);

    public override Task<int> CleanInbox(DbContext db, DateTime before, int limit, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(_cleanInbox, [before, limit], cancellationToken);

    public override Task<List<OutboxMessage>> FetchReady(DbContext db, int limit, long[] except, CancellationToken cancellationToken) =>
        db.Set<OutboxMessage>().FromSqlRaw(_fetchReady, limit, except).AsNoTracking().ToListAsync(cancellationToken);

    public override Task PromoteDue(DbContext db, DateTime now, int limit, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(_promoteDue, [now, limit], cancellationToken);

    public override Task BackOff(DbContext db, IReadOnlyList<OutboxMessage> rows, CancellationToken cancellationToken) => db.Database.ExecuteSqlRawAsync(
        _backOff,
        [
            Array("sequences", NpgsqlDbType.Bigint, rows.Select(row => row.SequenceNumber).ToArray()),
            Array("attempts", NpgsqlDbType.Integer, rows.Select(row => row.DeliveryAttempts).ToArray()),
            Array("dues", NpgsqlDbType.TimestampTz, rows.Select(row => row.EnqueueTime).ToArray()),
            Array("errors", NpgsqlDbType.Text, rows.Select(row => row.LastError).ToArray()),
        ], cancellationToken);

    public override Task CancelScheduled(DbContext db, Guid tokenId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(_cancelScheduled, [tokenId], cancellationToken);

    public override async Task Append(DbTransaction transaction, IReadOnlyList<OutboxMessage> rows, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(AppendStatement, (NpgsqlConnection)transaction.Connection!, (NpgsqlTransaction)transaction);
        command.Parameters.AddRange(AppendParameters(rows));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static NpgsqlParameter Array(string name, NpgsqlDbType type, Array values) => new(name, NpgsqlDbType.Array | type) { Value = values };

    static Array Values(InsertColumn column, IReadOnlyList<OutboxMessage> rows) => DbType(column.Type) switch
    {
        NpgsqlDbType.Uuid => rows.Select(row => (Guid?)column.Value(row)).ToArray(),
        NpgsqlDbType.TimestampTz => rows.Select(row => (DateTime?)column.Value(row)).ToArray(),
        NpgsqlDbType.Integer => rows.Select(row => (int)column.Value(row)!).ToArray(),
        _ => rows.Select(row => (string?)column.Value(row)).ToArray(),
    };

    static NpgsqlDbType DbType(Type type) =>
        type == typeof(Guid) ? NpgsqlDbType.Uuid
        : type == typeof(DateTime) ? NpgsqlDbType.TimestampTz
        : type == typeof(int) ? NpgsqlDbType.Integer
        : NpgsqlDbType.Text;
}
