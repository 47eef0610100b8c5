using System.Data.Common;
using Billing.Service.Audit.Published;
using Npgsql;
using NpgsqlTypes;

namespace Billing.Service.Audit.Engines;

/// <summary>Wide numbers are <c>numeric</c>; the temporary table is filled by COPY.</summary>
sealed class PostgresAuditEngine : IAuditEngine
{
    // The lock comes before the snapshot, which the first query takes: no day that still has records in it may be dropped meanwhile. Room to
    // sort some millions of rows, and no compilation of plans over many partitions: it takes longer than it saves.
    const string Preparations = "lock table usage_record in access share mode; set local work_mem = '64MB'; set local jit = off; set local statement_timeout = 0";

    const string DataException = "22";
    static readonly TimeSpan CopyTimeout = TimeSpan.FromMinutes(10);

    public bool KeepsUsageIdentities => true;

    public IReadOnlyList<string> Notes => ["select 'records in the default partition, for which no day was made', count(*) from usage_record_default"];

    public string Sum(string numbers) => $"cast(sum({numbers}) as text)";

    public string Wide(string column) => $"cast({column} as text)";

    public string SumOfWide(string column) => $"cast(sum({column}) as text)";

    public string QuarterOf(string instant) => $"to_timestamp(floor(extract(epoch from {instant}) / 900) * 900)";

    public string IsSum(string total, string left, string right) => $"({total} = cast({left} as numeric) + {right})";

    public string RoundHalfUp(string number, string times, string per) => $"div(cast({number} as numeric) * ({times}) * 2 + {per}, cast({per} as numeric) * 2)";

    public string MonthOf(string instant) => $"cast(date_trunc('month', {instant} at time zone (select time_zone from deployment)) as date)";

    public string FirstDayOfCharge(string instant) => $"cast(({instant} - interval '5 minutes') at time zone 'UTC' as date)";

    // Past the year 9999 the service files a usage under the last day of that year.
    public string DayInside(string usageId) =>
        $"(date '1970-01-01' + cast(least(cast(cast('x' || left(encode(uuid_send({usageId}), 'hex'), 12) as bit(48)) as bigint), 253402300799999) / 86400000 as integer))";

    public string RechargeTable(string table) => $"recharges.{table}";

    public string RechargeId(string column) => column;

    public async Task Prepare(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Preparations, (NpgsqlConnection)connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task Load(DbConnection connection, IEnumerable<PublishedLine> lines, CancellationToken cancellationToken)
    {
        await Execute(connection,
            $"""
            create temporary table {PublishedTable.Name} (line bigint not null, problem text, usage_id uuid, user_id text collate "C", service text collate "C",
                quantity bigint, cost_nanos bigint, occurred_at timestamptz)
            """, cancellationToken);
        await using (var copy = await ((NpgsqlConnection)connection).BeginBinaryImportAsync($"copy {PublishedTable.Name} from stdin (format binary)", cancellationToken))
        {
            copy.Timeout = CopyTimeout;
            foreach (var line in lines) await Write(copy, line, cancellationToken);
            await copy.CompleteAsync(cancellationToken);
        }
        await Execute(connection, $"analyze {PublishedTable.Name}", cancellationToken);
    }

    public bool IsDataError(DbException exception) => exception.SqlState?.StartsWith(DataException, StringComparison.Ordinal) == true;

    static async Task Write(NpgsqlBinaryImporter copy, PublishedLine line, CancellationToken cancellationToken)
    {
        async Task Value<T>(T? value, NpgsqlDbType type)
        {
            if (value is null) await copy.WriteNullAsync(cancellationToken);
            else await copy.WriteAsync(value, type, cancellationToken);
        }

        async Task Number(long? value)
        {
            if (value is { } number) await copy.WriteAsync(number, NpgsqlDbType.Bigint, cancellationToken);
            else await copy.WriteNullAsync(cancellationToken);
        }

        await copy.StartRowAsync(cancellationToken);
        await Number(line.Number);
        await Value(line.Problem, NpgsqlDbType.Text);
        if (line.Usage is not { } usage)
        {
            for (var column = 0; column < PublishedTable.UsageColumns; column++) await copy.WriteNullAsync(cancellationToken);
            return;
        }

        await copy.WriteAsync(usage.UsageId, NpgsqlDbType.Uuid, cancellationToken);
        await Value(usage.UserId, NpgsqlDbType.Text);
        await Value(usage.Service, NpgsqlDbType.Text);
        await Number(usage.Quantity);
        await Number(usage.Cost?.Nanos);
        await copy.WriteAsync(usage.OccurredAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
    }

    static async Task Execute(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, (NpgsqlConnection)connection) { CommandTimeout = (int)CopyTimeout.TotalSeconds };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
