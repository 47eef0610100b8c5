using System.Diagnostics;
using Billing.Service.Ledger.Postgres;

namespace Billing.Benchmarks.Compare;

/// <summary>Old records with random ids leave, and their identities with them, one of each for every account.</summary>
static class Retiring
{
    const int DaysAgo = 100;

    public static async Task<Measured> Measure(Stage stage, int identities)
    {
        await using var bench = await stage.DatabaseWithIdentities(identities);
        await using var plain = PostgresConnections.ForMigrations(bench.ConnectionString);
        await Records.AddService(plain);
        await Bench.Execute(plain,
            $"""
            select make_usage_record_day(current_date - {DaysAgo});
            with old as (
                insert into usage_record (usage_id, day, account_id, entry_number, service_id, quantity, free_units, cost_nanos, amount_nanos,
                    price_version, quota_month, balance_after_nanos, free_units_after, occurred_at, charged_at, content_hash)
                select gen_random_uuid(), current_date - {DaysAgo}, account_id, last_entry_number + 1, {Records.ServiceId}, 1, 0, 0, 0,
                    1, date_trunc('month', current_date - {DaysAgo})::date, balance_nanos, 0, current_date - {DaysAgo}, current_date - {DaysAgo}, 0
                from account returning usage_id, day)
            insert into usage_identity select usage_id, day from old;
            update account set last_entry_number = last_entry_number + 1;
            """);
        await Bench.Execute(plain, "vacuum analyze usage_record");

        var clock = Stopwatch.StartNew();
        var retired = await new PostgresRetirement(new PostgresDatabase(plain)).Retire(DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(1 - DaysAgo), CancellationToken.None);
        var verdict = await Auditing.Of(bench, expected: 0, Identities.NotAudited(identities));
        return new Measured { PerSecond = retired.Records / clock.Elapsed.TotalSeconds, Verdict = verdict };
    }
}
