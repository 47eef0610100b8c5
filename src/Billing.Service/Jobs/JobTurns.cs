using System.Data.Common;
using Billing.Service.Ledger;

namespace Billing.Service.Jobs;

/// <summary>
/// Of several instances one runs a job, and each planned moment is taken once. The turn is a row that its holder moves ahead while it runs:
/// who dies with it is followed by whoever comes when its time is over.
/// </summary>
sealed class JobTurns(IDatabase database, TimeProvider time)
{
    /// <summary>How long a holder need not be heard of. Long against a pause of the process, short against the wait for its successor.</summary>
    public static readonly TimeSpan HeldFor = TimeSpan.FromMinutes(1);

    // What lies further ahead than clocks differ was written by one that was wrong: it must not hold up everybody until then.
    static readonly TimeSpan ClocksDifferMax = TimeSpan.FromMinutes(10);

    /// <param name="due">The planned moment, or null for a run by hand, which takes none away.</param>
    /// <returns>Null when somebody is running it, or has taken this moment before.</returns>
    public Task<JobRun?> Take(string job, DateTimeOffset? due, CancellationToken cancellationToken) => Write(async connection =>
    {
        var now = time.GetUtcNow();
        var run = JobRun.Begun(job, now);
        // The first of all: whoever comes second waits here for its commit.
        var first = await database.Execute(connection,
            "insert into job_turn (job, due_at, run_id, started_at, taken_until, row_count) values ($1, $2, $3, $4, $5, 0) on conflict (job) do nothing",
            cancellationToken, job, due, run.RunId, now, now + HeldFor);
        if (first == 1) return run;

        // Changes nothing, and locks the row on either engine.
        var turn = (await database.Query(connection, $"update job_turn set job = job where job = $1 returning {Turn.Columns}", ReadTurn, cancellationToken, job))[0];
        if (turn.IsHeld(now) || (due is { } moment && turn.WasTaken(moment))) return null;

        if (turn.Last.Result is null) await Keep(connection, turn.Last with { Result = JobRun.BrokenOff }, cancellationToken);
        await database.Execute(connection,
            "update job_turn set due_at = coalesce($2, due_at), run_id = $3, started_at = $4, taken_until = $5, finished_at = null, result = null, row_count = 0, detail = null where job = $1",
            cancellationToken, job, due, run.RunId, now, now + HeldFor);
        return run;
    }, cancellationToken);

    /// <summary>False when another instance has taken the turn over.</summary>
    public Task<bool> Hold(JobRun run, CancellationToken cancellationToken) => Write(async connection => await database.Execute(connection,
        "update job_turn set taken_until = $3 where job = $1 and run_id = $2 and result is null", cancellationToken, run.Job, run.RunId, time.GetUtcNow() + HeldFor) == 1, cancellationToken);

    /// <summary>Gives the turn back. What is worth it stays in <c>job_run</c>.</summary>
    public Task<bool> End(JobRun run, CancellationToken cancellationToken) => Write(async connection =>
    {
        var ended = await database.Execute(connection,
            "update job_turn set finished_at = $3, result = $4, row_count = $5, detail = $6 where job = $1 and run_id = $2 and result is null",
            cancellationToken, run.Job, run.RunId, run.FinishedAt, run.Result, run.Rows, run.Detail) == 1;
        if (ended && (run.Rows > 0 || run.Result != JobRun.Done)) await Keep(connection, run, cancellationToken);
        return ended;
    }, cancellationToken);

    /// <summary>The last run of each job.</summary>
    public async Task<IReadOnlyList<JobRun>> Last(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.Open(cancellationToken);
        var turns = await database.Query(connection, $"select {Turn.Columns} from job_turn", ReadTurn, cancellationToken);
        return turns.ConvertAll(turn => turn.Last.Result is null && !turn.IsHeld(now) ? turn.Last with { Result = JobRun.BrokenOff } : turn.Last);
    }

    Task<int> Keep(DbConnection connection, JobRun run, CancellationToken cancellationToken) => database.Execute(connection,
        "insert into job_run (run_id, job, started_at, finished_at, result, row_count, detail) values ($1, $2, $3, $4, $5, $6, $7)",
        cancellationToken, run.RunId, run.Job, run.StartedAt, run.FinishedAt, run.Result, run.Rows, run.Detail);

    async Task<T> Write<T>(Func<DbConnection, Task<T>> change, CancellationToken cancellationToken)
    {
        using var gate = await database.WaitToWrite(cancellationToken);
        await using var connection = await database.Open(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await change(connection);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    Turn ReadTurn(DbDataReader reader) => new(
        JobRuns.Read(database, reader), database.ReadInstant(reader, JobRuns.ColumnCount), reader.IsDBNull(JobRuns.ColumnCount + 1) ? null : database.ReadInstant(reader, JobRuns.ColumnCount + 1));

    sealed record Turn(JobRun Last, DateTimeOffset TakenUntil, DateTimeOffset? DueAt)
    {
        public const string Columns = $"{JobRuns.Columns}, taken_until, due_at";

        public bool IsHeld(DateTimeOffset now) => Last.Result is null && TakenUntil > now && TakenUntil - now <= HeldFor + ClocksDifferMax;

        public bool WasTaken(DateTimeOffset due) => DueAt >= due && DueAt - due <= ClocksDifferMax;
    }
}
