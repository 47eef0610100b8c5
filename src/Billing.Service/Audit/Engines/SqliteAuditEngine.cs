using System.Data.Common;
using System.Globalization;
using Billing.Service.Audit.Published;
using Billing.Service.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace Billing.Service.Audit.Engines;

/// <summary>
/// SQLite's integers end at 64 bits (its <c>sum</c> fails past them, its <c>+</c> turns into floating point) and it knows no time
/// zones: what its SQL cannot say exactly are functions here, in 128 bits.
/// </summary>
sealed class SqliteAuditEngine : IAuditEngine
{
    const int ErrorCode = 1;
    const int HexDigitsOfTime = 12;
    static readonly long MillisecondsMax = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public bool KeepsUsageIdentities => false;

    public IReadOnlyList<string> Notes => [];

    public string Sum(string numbers) => $"exact_sum({numbers})";

    public string Wide(string column) => $"wide({column}_high, {column}_low)";

    public string SumOfWide(string column) => $"wide_sum({column}_high, {column}_low)";

    public string QuarterOf(string instant) => $"{instant} / 900000000 * 900000000";

    public string IsSum(string total, string left, string right) => $"is_sum({total}, {left}, {right})";

    public string RoundHalfUp(string number, string times, string per) => $"round_half_up({number}, {times}, {per})";

    public string MonthOf(string instant) => $"month_in_zone({instant}, (select time_zone from deployment))";

    public string FirstDayOfCharge(string instant) => $"date(({instant} - 300000000) / 1000000, 'unixepoch')";

    public string DayInside(string usageId) => $"day_inside({usageId})";

    public string RechargeTable(string table) => table;

    public string RechargeId(string column) => $"lower({column})";

    public Task Prepare(DbConnection connection, CancellationToken cancellationToken)
    {
        var sqlite = (SqliteConnection)connection;
        sqlite.CreateAggregate("exact_sum", Int128.Zero, (Int128 sum, long number) => sum + number, sum => sum.ToString(CultureInfo.InvariantCulture), isDeterministic: true);
        sqlite.CreateAggregate("wide_sum", Int128.Zero, (Int128 sum, long high, long low) => sum + ((Int128)high << 32) + low, sum => sum.ToString(CultureInfo.InvariantCulture), isDeterministic: true);
        sqlite.CreateFunction("wide", (long high, long low) => (((Int128)high << 32) + low).ToString(CultureInfo.InvariantCulture), isDeterministic: true);
        sqlite.CreateFunction("is_sum", (long total, long left, long right) => total == (Int128)left + right, isDeterministic: true);
        sqlite.CreateFunction("round_half_up", (long number, long times, long per) => Narrow((((Int128)number * times * 2) + per) / ((Int128)per * 2)), isDeterministic: true);
        sqlite.CreateFunction("month_in_zone", (long instant, string zone) => Month(instant, zone), isDeterministic: true);
        sqlite.CreateFunction("day_inside", (string usageId) => DayOf(usageId), isDeterministic: true);
        return Task.CompletedTask;
    }

    public Task Load(DbConnection connection, IEnumerable<PublishedLine> lines, CancellationToken cancellationToken)
    {
        var sqlite = (SqliteConnection)connection;
        Execute(sqlite,
            $"""
            create temporary table {PublishedTable.Name} (line integer not null, problem text, usage_id text, user_id text, service text,
                quantity integer, cost_nanos integer, occurred_at integer) strict
            """);
        using var transaction = sqlite.BeginTransaction(deferred: true);
        sqlite.ForEach(
            $"insert into {PublishedTable.Name} values ($1, $2, $3, $4, $5, $6, $7, $8)", lines,
            line =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                var usage = line.Usage;
                return [line.Number, line.Problem, usage?.UsageId, usage?.UserId, usage?.Service, usage?.Quantity, usage?.Cost, usage?.OccurredAt];
            });
        transaction.Commit();
        return Task.CompletedTask;
    }

    public bool IsDataError(DbException exception) => exception is SqliteException { SqliteErrorCode: ErrorCode };

    // Null differs from every number, as a result past 64 bits must.
    static long? Narrow(Int128 number) => number <= long.MaxValue ? (long)number : null;

    static string Month(long instant, string zone)
    {
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.UnixEpoch.AddTicks(instant * TimeSpan.TicksPerMicrosecond), TimeZoneInfo.FindSystemTimeZoneById(zone));
        return local.ToString("yyyy-MM-01", CultureInfo.InvariantCulture);
    }

    static string DayOf(string usageId)
    {
        var digits = usageId.Replace("-", "", StringComparison.Ordinal).AsSpan(0, HexDigitsOfTime);
        var milliseconds = Math.Min(long.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), MillisecondsMax);
        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.Statement(sql);
        command.ExecuteNonQuery();
    }
}
