using Billing.Service.Charging;
using Billing.Service.Ledger.Postgres;
using Npgsql;
using static Billing.Service.Queries.Postgres.PostgresReads;

namespace Billing.Service.Queries.Postgres;

/// <summary>
/// Pages in one round trip. The index by account and time gives the records of each day's partition in order, and they are merged:
/// a page costs the same wherever it is on the list.
/// </summary>
public sealed class PostgresRecordsReader(NpgsqlDataSource dataSource) : IRecordsReader
{
    // The inner select is the page. What is looked up for its rows stands in selects of one value each, which only an index can
    // answer: a join would read all reversals there are, if it was planned while there were none.
    const string ReadRecords =
        """
        select p.usage_id, p.day, p.account_id, p.entry_number, p.service_id, p.quantity, p.free_units, p.cost_nanos, p.amount_nanos, p.price_version,
            p.quota_month, p.balance_after_nanos, p.free_units_after, p.occurred_at, p.charged_at, p.content_hash,
            (select s.name from service s where s.service_id = p.service_id),
            (select e.kind from ledger_entry e where e.operation_id = p.usage_id and e.kind = 3) is not null
        from (
            select * from usage_record
            where account_id = (select account_id from account where user_id = $1)
                and occurred_at >= $2 and occurred_at < $3 and day between $4 and $5
                and occurred_at <= $6 and (occurred_at < $6 or entry_number < $7)
                and ($8::integer is null or service_id = $8)
            order by occurred_at desc, entry_number desc limit $9) p
        order by p.occurred_at desc, p.entry_number desc
        """;

    const string FindCarriedForward =
        "select c.records, c.amount_nanos, c.last_occurred_at from account a left join carried_forward c on c.account_id = a.account_id where a.user_id = $1";

    const string ReadEntries =
        """
        select account_id, entry_number, kind, operation_id, amount_nanos, balance_after_nanos, entered_at, actor, reason
        from ledger_entry
        where account_id = (select account_id from account where user_id = $1) and entry_number < $2 and entered_at >= $3 and entered_at < $4
        order by entry_number desc limit $5
        """;

    public async Task<Rows<RecordRow>?> Records(RecordsQuery query, CancellationToken cancellationToken)
    {
        var before = query.Before ?? new Position(DateTimeOffset.MaxValue, long.MaxValue);
        var (firstDay, lastDay) = DaysOf(query.Range);
        if (query.Before is { } position) lastDay = Earlier(lastDay, LastDayOf(position.OccurredAt));

        await using var batch = dataSource.CreateBatch();
        batch.Add(FindCarriedForward, Parameter(query.UserId));
        batch.Add(ReadRecords, Parameter(query.UserId), From(query.Range), To(query.Range), Parameter(firstDay), Parameter(lastDay),
            Instant(before.OccurredAt), Parameter(before.EntryNumber), Optional(query.ServiceId), Parameter((long)query.Count));
        return await Read(batch, Record, cancellationToken);
    }

    public async Task<Rows<LedgerEntry>?> Entries(EntriesQuery query, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.CreateBatch();
        batch.Add(FindCarriedForward, Parameter(query.UserId));
        batch.Add(ReadEntries, Parameter(query.UserId), Parameter(query.Before ?? long.MaxValue), From(query.Range), To(query.Range), Parameter((long)query.Count));
        return await Read(batch, Entry, cancellationToken);
    }

    /// <summary>The rows of the second statement, or null when the first found no account.</summary>
    static async Task<Rows<T>?> Read<T>(NpgsqlBatch batch, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;

        var carried = reader.IsDBNull(0) ? null : new CarriedForward { Usages = reader.GetInt64(0), Amount = Amount(reader, 1), Until = ReadInstant(reader, 2) };
        await reader.NextResultAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return new Rows<T>(rows, carried);
    }

    static RecordRow Record(NpgsqlDataReader reader) => new(
        new BillingRecord
        {
            UsageId = reader.GetGuid(0),
            Day = reader.GetFieldValue<DateOnly>(1),
            AccountId = reader.GetInt64(2),
            EntryNumber = reader.GetInt64(3),
            ServiceId = reader.GetInt32(4),
            Quantity = reader.GetInt32(5),
            FreeUnits = reader.GetInt32(6),
            Cost = Amount(reader, 7),
            Amount = Amount(reader, 8),
            PriceVersion = reader.GetInt32(9),
            QuotaMonth = reader.GetFieldValue<DateOnly>(10),
            BalanceAfter = Amount(reader, 11),
            FreeUnitsAfter = reader.GetInt64(12),
            OccurredAt = ReadInstant(reader, 13),
            ChargedAt = ReadInstant(reader, 14),
            ContentHash = reader.GetInt64(15),
        },
        reader.GetString(16),
        reader.GetBoolean(17));

    static LedgerEntry Entry(NpgsqlDataReader reader) => new()
    {
        AccountId = reader.GetInt64(0),
        EntryNumber = reader.GetInt64(1),
        Kind = (EntryKind)reader.GetInt16(2),
        OperationId = reader.GetGuid(3),
        Amount = Amount(reader, 4),
        BalanceAfter = Amount(reader, 5),
        EnteredAt = ReadInstant(reader, 6),
        Actor = reader.IsDBNull(7) ? null : reader.GetString(7),
        Reason = reader.IsDBNull(8) ? null : reader.GetString(8),
    };
}
