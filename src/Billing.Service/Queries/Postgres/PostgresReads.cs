using Billing.Service.Charging;
using Billing.Service.Ledger.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Billing.Service.Queries.Postgres;

/// <summary>What the statements that read have in common.</summary>
static class PostgresReads
{
    // The partition's day is that of the usage id or of the charge, and the age of both is limited like that of the usage itself.
    static readonly int DaysApartMax = (int)(UsageAge.Max + UsageAge.AheadMax).TotalDays + 1;

    /// <summary>The days whose partitions can hold what occurred in this range: the others are not opened.</summary>
    public static (DateOnly First, DateOnly Last) DaysOf(TimeRange range) =>
        (range.From is { } from ? FirstDayOf(from) : DateOnly.MinValue, range.To is { } to ? LastDayOf(to) : DateOnly.MaxValue);

    public static DateOnly LastDayOf(DateTimeOffset occurredAt)
    {
        var day = DateOnly.FromDateTime(occurredAt.UtcDateTime);
        return day < DateOnly.MaxValue.AddDays(-DaysApartMax) ? day.AddDays(DaysApartMax) : DateOnly.MaxValue;
    }

    public static DateOnly Earlier(DateOnly left, DateOnly right) => left < right ? left : right;

    public static NpgsqlParameter From(TimeRange range) => Instant(range.From ?? DateTimeOffset.MinValue);

    public static NpgsqlParameter To(TimeRange range) => Instant(range.To ?? DateTimeOffset.MaxValue);

    public static NpgsqlParameter Instant(DateTimeOffset instant) => Parameter(instant.UtcDateTime);

    public static NpgsqlParameter Optional(int? number) => new() { NpgsqlDbType = NpgsqlDbType.Integer, Value = number is { } given ? given : DBNull.Value };

    public static NpgsqlParameter Parameter<T>(T value) => NpgsqlBatchExtensions.Parameter(value);

    public static Money Amount(NpgsqlDataReader reader, int column) => new(reader.GetInt64(column));

    public static DateTimeOffset ReadInstant(NpgsqlDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);

    static DateOnly FirstDayOf(DateTimeOffset occurredAt)
    {
        var day = DateOnly.FromDateTime(occurredAt.UtcDateTime);
        return day > DateOnly.MinValue.AddDays(DaysApartMax) ? day.AddDays(-DaysApartMax) : DateOnly.MinValue;
    }
}
