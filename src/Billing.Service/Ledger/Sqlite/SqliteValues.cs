using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Billing.Service.Ledger.Sqlite;

/// <summary>How ids, times and days stand in the file, and how a statement takes them.</summary>
static class SqliteValues
{
    const string DayFormat = "yyyy-MM-dd";

    public static SqliteCommand Statement(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters.Length; i++) command.Parameters.AddWithValue($"${i + 1}", Value(parameters[i]));
        return command;
    }

    /// <summary>One statement, once for each row.</summary>
    public static void ForEach<TRow>(this SqliteConnection connection, string sql, IEnumerable<TRow> rows, Func<TRow, object?[]> parametersOf)
    {
        SqliteCommand? command = null;
        foreach (var row in rows)
        {
            var parameters = parametersOf(row);
            if (command is null)
            {
                command = connection.Statement(sql, parameters);
                command.Prepare();
            }
            else
            {
                for (var i = 0; i < parameters.Length; i++) command.Parameters[i].Value = Value(parameters[i]);
            }
            command.ExecuteNonQuery();
        }
        command?.Dispose();
    }

    /// <summary>A list as one parameter, for <c>json_each</c>.</summary>
    public static string List<T>(IEnumerable<T> values) => JsonSerializer.Serialize(values);

    public static string Day(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);

    public static DateOnly GetDay(this SqliteDataReader reader, int column) =>
        DateOnly.ParseExact(reader.GetString(column), DayFormat, CultureInfo.InvariantCulture);

    public static DateTimeOffset GetInstant(this SqliteDataReader reader, int column) => Instant(reader.GetInt64(column));

    public static Money GetMoney(this SqliteDataReader reader, int column) => new(reader.GetInt64(column));

    public static DateTimeOffset Instant(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    public static long Instant(DateTimeOffset instant) => (instant - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    static object Value(object? value) => value switch
    {
        null => DBNull.Value,
        Guid id => id.ToString(),
        Money money => money.Nanos,
        DateOnly day => Day(day),
        DateTimeOffset instant => Instant(instant),
        _ => value,
    };
}
