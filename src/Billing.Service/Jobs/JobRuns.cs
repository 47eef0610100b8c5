using System.Data.Common;
using Billing.Service.Ledger;

namespace Billing.Service.Jobs;

/// <summary>Runs that did something, failed, or were broken off.</summary>
sealed class JobRuns(IDatabase database)
{
    public const string Columns = "run_id, job, started_at, finished_at, result, row_count, detail";
    public const int ColumnCount = 7;

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<JobRun>> List(string job, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await database.Query(connection, $"select {Columns} from job_run where job = $1 order by started_at desc limit {most}", reader => Read(database, reader), cancellationToken, job);
    }

    public static JobRun Read(IDatabase database, DbDataReader reader) => new()
    {
        RunId = reader.GetGuid(0),
        Job = reader.GetString(1),
        StartedAt = database.ReadInstant(reader, 2),
        FinishedAt = reader.IsDBNull(3) ? null : database.ReadInstant(reader, 3),
        Result = reader.IsDBNull(4) ? null : reader.GetString(4),
        Rows = reader.GetInt64(5),
        Detail = reader.IsDBNull(6) ? null : reader.GetString(6),
    };
}
