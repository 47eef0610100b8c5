using System.Data;
using System.Data.Common;
using System.Diagnostics;
using Billing.Service.Audit.Engines;
using Billing.Service.Audit.Published;
using Billing.Service.Ledger;

namespace Billing.Service.Audit;

/// <summary>
/// Proves the ledger on a live database, in one snapshot and by SQL of its own. It only reads: no writer waits for it.
/// </summary>
public static class AuditRun
{
    const int ExamplesMax = 5;
    const string DropPublished = $"drop table if exists {PublishedTable.Name}";
    static readonly TimeSpan StatementTimeout = TimeSpan.FromHours(1);

    /// <param name="publishedFile">The gateway's list of confirmed usages, to prove that none was lost; null leaves that out.</param>
    /// <exception cref="DbException">The database cannot be reached or has no ledger. What is wrong in the ledger never throws.</exception>
    public static async Task<AuditReport> Execute(IDatabase database, string? publishedFile, CancellationToken cancellationToken)
    {
        IAuditEngine engine = database.Engine == "sqlite" ? new SqliteAuditEngine() : new PostgresAuditEngine();
        await using var connection = await database.Open(cancellationToken);
        try
        {
            // Before the snapshot: whatever stands in the file then was confirmed before it, and so must be in it.
            await Run(database, connection, DropPublished, cancellationToken);
            if (publishedFile is not null) await engine.Load(connection, PublishedFile.Read(publishedFile), cancellationToken);
            return await Examine(database, connection, engine, publishedFile is not null, cancellationToken);
        }
        finally
        {
            // The connection goes back to its pool and must not take the table with it.
            if (connection.State == ConnectionState.Open) await Run(database, connection, DropPublished, CancellationToken.None);
        }
    }

    static async Task<AuditReport> Examine(IDatabase database, DbConnection connection, IAuditEngine engine, bool published, CancellationToken cancellationToken)
    {
        await Run(database, connection, database.BeginSnapshot, cancellationToken);
        try
        {
            await engine.Prepare(connection, cancellationToken);
            var results = new List<InvariantResult>();
            foreach (var invariant in AllInvariants.For(engine, published)) results.Add(await Prove(database, connection, engine, invariant, cancellationToken));

            var notes = new List<AuditNote>();
            foreach (var sql in Notes.For(engine)) notes.AddRange(await Read(database, connection, sql, cancellationToken));
            return new AuditReport(results, notes);
        }
        finally
        {
            if (connection.State == ConnectionState.Open) await Run(database, connection, "rollback", CancellationToken.None);
        }
    }

    static async Task<InvariantResult> Prove(IDatabase database, DbConnection connection, IAuditEngine engine, Invariant invariant, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await using var count = Statement(database, connection, invariant.Count);
        var rows = Convert.ToInt64(await count.ExecuteScalarAsync(cancellationToken));

        var violations = 0L;
        var examples = new List<string>();
        void Violated(string problem)
        {
            violations++;
            if (examples.Count < ExamplesMax) examples.Add(problem);
        }

        foreach (var sql in invariant.Violations)
        {
            await Run(database, connection, "savepoint before_statement", cancellationToken);
            try
            {
                await using var command = Statement(database, connection, sql);
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken)) Violated(reader.IsDBNull(0) ? "a row without its key" : reader.GetString(0));
            }
            catch (DbException exception) when (engine.IsDataError(exception))
            {
                // Such as a number past the limit of 64 bits: no right ledger has it, and the other invariants are still of interest.
                Violated($"cannot be computed: {exception.Message}");
                await Run(database, connection, "rollback to savepoint before_statement", cancellationToken);
            }
            await Run(database, connection, "release savepoint before_statement", cancellationToken);
        }
        return new InvariantResult(invariant.Name, rows, invariant.Counted, violations, examples, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    static async Task<List<AuditNote>> Read(IDatabase database, DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = Statement(database, connection, sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var notes = new List<AuditNote>();
        while (await reader.ReadAsync(cancellationToken)) notes.Add(new AuditNote(reader.GetString(0), reader.GetInt64(1)));
        return notes;
    }

    static async Task Run(IDatabase database, DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = Statement(database, connection, sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Not the service's few seconds: this reads everything.
    static DbCommand Statement(IDatabase database, DbConnection connection, string sql)
    {
        var command = database.Statement(connection, sql);
        command.CommandTimeout = (int)StatementTimeout.TotalSeconds;
        return command;
    }
}
