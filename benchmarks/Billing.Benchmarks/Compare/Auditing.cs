using Billing.Service.Audit;
using Billing.Service.Ledger.Postgres;

namespace Billing.Benchmarks.Compare;

/// <summary>The service's own audit on a measurement's database, and whether there is one record for each usage that was confirmed.</summary>
static class Auditing
{
    /// <summary>What the others leave out: they have no roll-ups.</summary>
    public const string RollUps = "roll-ups";

    public const string AtMostOnce = "at most once";

    public static async Task<Verdict> Of(Bench bench, long expected, params string[] leaveOut)
    {
        // Not on the charging connections, which plan by index alone.
        await using var plain = PostgresConnections.ForMigrations(bench.ConnectionString);
        // What was written in seconds has no statistics yet, and the audit's joins are planned by them.
        await Bench.Execute(plain, "analyze");
        var report = await AuditRun.Execute(new PostgresDatabase(plain), publishedFile: null, CancellationToken.None);
        var broken = report.Invariants.Where(invariant => invariant.Violations > 0 && !leaveOut.Contains(invariant.Name)).ToList();
        var records = report.Invariants.Single(invariant => invariant.Name == AtMostOnce).Rows;
        if (broken.Count > 0) return new Verdict(false, $"audit fails: {string.Join("; ", broken.Select(invariant => $"{invariant.Name}: {string.Join(", ", invariant.Examples)}"))}");
        return records == expected ? new Verdict(true, "audit holds") : new Verdict(false, $"{expected:N0} confirmed, {records:N0} recorded");
    }
}
