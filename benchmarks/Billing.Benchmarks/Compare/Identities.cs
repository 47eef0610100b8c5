using Billing.Service.Ledger.Postgres;

namespace Billing.Benchmarks.Compare;

/// <summary>
/// Usage ids without a time that are there before the load comes: what a platform whose gateway makes random ids has kept. Their records are left
/// out, since nothing that is measured reads them.
/// </summary>
static class Identities
{
    const int PerStatement = 10_000_000;

    /// <summary>The rule that each identity has its record; it is the audit's only one that knows them.</summary>
    public static string[] NotAudited(int identities) => identities > 0 ? [Auditing.AtMostOnce] : [];

    public static async Task Fill(Bench bench, int identities)
    {
        await using var plain = PostgresConnections.ForMigrations(bench.ConnectionString);
        await Bench.Execute(plain, "alter table usage_identity drop constraint usage_identity_pkey");
        for (var left = identities; left > 0; left -= PerStatement)
            await Bench.Execute(plain, $"insert into usage_identity select gen_random_uuid(), current_date - 40 from generate_series(1, {Math.Min(left, PerStatement)})");
        // Filled as far as insertions in no order leave its pages.
        await Bench.Execute(plain, "set maintenance_work_mem = '1GB'; alter table usage_identity add primary key (usage_id) with (fillfactor = 70)");
        await Bench.Execute(plain, "vacuum analyze usage_identity");
    }
}
