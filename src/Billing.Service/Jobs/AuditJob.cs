using System.Text.Encodings.Web;
using System.Text.Json;
using Billing.Service.Alerts;
using Billing.Service.Audit;
using Billing.Service.Ledger;

namespace Billing.Service.Jobs;

/// <summary>Proves the ledger every night, keeps the result, and tells operators what does not hold.</summary>
sealed class AuditJob(IDatabase database, OperatorAlerts alerts, TimeProvider time, ILogger<AuditJob> logger) : IBillingJob
{
    const string Kind = "audit";
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task<JobResult> Run(CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        var report = await AuditRun.Execute(database, publishedFile: null, cancellationToken);
        await Keep(report, started, cancellationToken);
        await Tell(report, cancellationToken);
        return new JobResult(report.Invariants.Sum(invariant => invariant.Violations), report.Holds ? $"{report.Invariants.Count} invariants hold" : "see audit_run");
    }

    async Task Keep(AuditReport report, DateTimeOffset started, CancellationToken cancellationToken)
    {
        using var turn = await database.WaitToWrite(cancellationToken);
        await using var connection = await database.Open(cancellationToken);
        await database.Execute(connection, "insert into audit_run (run_id, audited_at, duration_ms, holds, violations, report) values ($1, $2, $3, $4, $5, $6)", cancellationToken,
            Guid.CreateVersion7(started), started, (long)(time.GetUtcNow() - started).TotalMilliseconds, report.Holds,
            report.Invariants.Sum(invariant => invariant.Violations), JsonSerializer.Serialize(report, Json));
    }

    async Task Tell(AuditReport report, CancellationToken cancellationToken)
    {
        var violated = report.Invariants.Where(invariant => invariant.Violations > 0).ToList();
        foreach (var invariant in violated)
        {
            logger.LogError("The audit found {Invariant} violated {Violations} times: {Example}", invariant.Name, invariant.Violations, Example(invariant));
            await alerts.Raise(Kind, invariant.Name, now => new AuditFailed
            {
                Invariant = invariant.Name,
                Violations = invariant.Violations,
                Example = Example(invariant),
                OccurredAt = now,
            }, cancellationToken);
        }
        await alerts.Clear(Kind, violated.ConvertAll(invariant => invariant.Name), cancellationToken);
    }

    static string Example(InvariantResult invariant) => invariant.Examples.Count > 0 ? invariant.Examples[0] : "";
}
