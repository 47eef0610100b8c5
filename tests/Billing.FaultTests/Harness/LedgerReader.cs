using System.Data.Common;
using System.Globalization;

namespace Billing.FaultTests.Harness;

/// <summary>Reads the ledger by plain SQL, from either engine.</summary>
static class LedgerReader
{
    public const string PostgresSchema = "ledger.";
    public const string SqliteSchema = "";

    public static async Task<(long Records, long Rejected)> Count(DbConnection connection, string schema) => (await Rows(connection,
        $"select (select count(*) from {schema}usage_record), (select count(*) from {schema}rejected_usage)",
        reader => (reader.GetInt64(0), reader.GetInt64(1))))[0];

    /// <summary>Events that were committed, and that the broker has not yet.</summary>
    public static async Task<long> CountUndelivered(DbConnection connection) =>
        (await Rows(connection, $"select count(*) from {PostgresSchema}outbox_message", reader => reader.GetInt64(0)))[0];

    public static async Task<LedgerRows> Read(DbConnection connection, string schema) => new(
        await Rows(connection, $"select account_id, user_id, balance_nanos, held_nanos, last_entry_number from {schema}account",
            reader => new AccountRow(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4))),
        await Rows(connection,
            $"""
            select usage_id, account_id, entry_number, name, quantity, free_units, cost_nanos, amount_nanos, quota_month, balance_after_nanos, free_units_after, occurred_at
            from {schema}usage_record join {schema}service using (service_id)
            """,
            reader => new RecordRow(Id(reader, 0), reader.GetInt64(1), reader.GetInt64(2), reader.GetString(3), reader.GetInt64(4), reader.GetInt64(5),
                reader.GetInt64(6), reader.GetInt64(7), Month(reader, 8), reader.GetInt64(9), reader.GetInt64(10), Instant(reader, 11))),
        await Rows(connection, $"select operation_id, account_id, entry_number, amount_nanos, balance_after_nanos from {schema}ledger_entry",
            reader => new EntryRow(Id(reader, 0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4))),
        await Rows(connection, $"select usage_id, code from {schema}rejected_usage", reader => new RejectionRow(reader.GetString(0), reader.GetString(1))),
        await Rows(connection, $"select account_id, name, month, granted, used, held from {schema}free_quota join {schema}service using (service_id)",
            reader => new QuotaRow(reader.GetInt64(0), reader.GetString(1), Month(reader, 2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5))));

    static async Task<List<T>> Rows<T>(DbConnection connection, string sql, Func<DbDataReader, T> read)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows;
    }

    static Guid Id(DbDataReader reader, int column) => reader.GetValue(column) is Guid id ? id : Guid.Parse(reader.GetString(column));

    static string Month(DbDataReader reader, int column) => reader.GetValue(column) switch
    {
        DateTime day => day.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        var text => ((string)text)[..7],
    };

    static DateTimeOffset Instant(DbDataReader reader, int column) => reader.GetValue(column) is long microseconds
        ? DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds)
        : new DateTimeOffset(reader.GetDateTime(column), TimeSpan.Zero);
}
