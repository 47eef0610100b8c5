using Billing.Service.Charging;
using Billing.Service.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace Billing.Service.Queries.Sqlite;

/// <summary>Pages from the file, by the index by account and time.</summary>
public sealed class SqliteRecordsReader(SqliteDatabase database) : IRecordsReader
{
    const string ReadRecords =
        """
        select r.usage_id, r.day, r.account_id, r.entry_number, r.service_id, r.quantity, r.free_units, r.cost_nanos, r.amount_nanos, r.price_version,
            r.quota_month, r.balance_after_nanos, r.free_units_after, r.occurred_at, r.charged_at, r.content_hash,
            (select name from service where service_id = r.service_id),
            exists (select 1 from ledger_entry e where e.operation_id = r.usage_id and e.kind = 3)
        from usage_record r
        where r.account_id = $1 and r.occurred_at >= $2 and r.occurred_at < $3
            and r.occurred_at <= $4 and (r.occurred_at < $4 or r.entry_number < $5)
            and ($6 is null or r.service_id = $6)
        order by r.occurred_at desc, r.entry_number desc limit $7
        """;

    const string ReadEntries =
        """
        select account_id, entry_number, kind, operation_id, amount_nanos, balance_after_nanos, entered_at, actor, reason
        from ledger_entry where account_id = $1 and entry_number < $2 and entered_at >= $3 and entered_at < $4
        order by entry_number desc limit $5
        """;

    public Task<Rows<RecordRow>?> Records(RecordsQuery query, CancellationToken cancellationToken)
    {
        var before = query.Before ?? new Position(DateTimeOffset.MaxValue, long.MaxValue);
        return Task.FromResult(Read(query.UserId, Record, accountId => (ReadRecords,
            [accountId, query.Range.From ?? DateTimeOffset.MinValue, query.Range.To ?? DateTimeOffset.MaxValue, before.OccurredAt, before.EntryNumber, query.ServiceId, query.Count])));
    }

    public Task<Rows<LedgerEntry>?> Entries(EntriesQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(Read(query.UserId, Entry, accountId => (ReadEntries,
            [accountId, query.Before ?? long.MaxValue, query.Range.From ?? DateTimeOffset.MinValue, query.Range.To ?? DateTimeOffset.MaxValue, query.Count])));

    Rows<T>? Read<T>(string userId, Func<SqliteDataReader, T> read, Func<long, (string Sql, object?[] Parameters)> statementOf)
    {
        using var connection = database.Open();
        // One view for all three statements.
        using var transaction = connection.BeginTransaction(deferred: true);
        if (SqliteReads.FindAccount(connection, userId) is not { } accountId) return null;

        var (sql, parameters) = statementOf(accountId);
        using var command = connection.Statement(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return new Rows<T>(rows, FindCarriedForward(connection, accountId));
    }

    static CarriedForward? FindCarriedForward(SqliteConnection connection, long accountId)
    {
        using var command = connection.Statement("select records, amount_nanos, last_occurred_at from carried_forward where account_id = $1", accountId);
        using var reader = command.ExecuteReader();
        return reader.Read() ? new CarriedForward { Usages = reader.GetInt64(0), Amount = reader.GetMoney(1), Until = reader.GetInstant(2) } : null;
    }

    static RecordRow Record(SqliteDataReader reader) => new(
        new BillingRecord
        {
            UsageId = reader.GetGuid(0),
            Day = reader.GetDay(1),
            AccountId = reader.GetInt64(2),
            EntryNumber = reader.GetInt64(3),
            ServiceId = reader.GetInt32(4),
            Quantity = reader.GetInt64(5),
            FreeUnits = reader.GetInt64(6),
            Cost = reader.GetMoney(7),
            Amount = reader.GetMoney(8),
            PriceVersion = reader.GetInt32(9),
            QuotaMonth = reader.GetDay(10),
            BalanceAfter = reader.GetMoney(11),
            FreeUnitsAfter = reader.GetInt64(12),
            OccurredAt = reader.GetInstant(13),
            ChargedAt = reader.GetInstant(14),
            ContentHash = reader.GetInt64(15),
        },
        reader.GetString(16),
        reader.GetBoolean(17));

    static LedgerEntry Entry(SqliteDataReader reader) => new()
    {
        AccountId = reader.GetInt64(0),
        EntryNumber = reader.GetInt64(1),
        Kind = (EntryKind)reader.GetInt32(2),
        OperationId = reader.GetGuid(3),
        Amount = reader.GetMoney(4),
        BalanceAfter = reader.GetMoney(5),
        EnteredAt = reader.GetInstant(6),
        Actor = reader.IsDBNull(7) ? null : reader.GetString(7),
        Reason = reader.IsDBNull(8) ? null : reader.GetString(8),
    };
}
