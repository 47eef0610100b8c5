using System.Diagnostics;

namespace Billing.Benchmarks;

/// <summary>What an index of <c>usage_record</c> costs the writer, and what it saves a reader.</summary>
static class IndexBenchmark
{
    const int Records = 1_000_000;
    const int PagesRead = 50;

    // The newest page of a user of middling size.
    const string Page =
        """
        select usage_id, occurred_at, amount_nanos from usage_record
        where account_id = (select account_id from account where user_id = 'user-0000500') order by occurred_at desc, usage_id desc limit 50
        """;

    static readonly (string Name, string Sql)[] Layouts =
    [
        ("primary key alone", "drop index usage_record_by_account"),
        ("and (account_id, occurred_at)", "select 1"),
        ("and (account_id, entry_number)", "create index usage_record_by_entry on usage_record (account_id, entry_number)"),
    ];

    public static async Task Run(TimeSpan duration)
    {
        foreach (var (name, sql) in Layouts)
        {
            var rate = await EngineBenchmark.Run(duration, timeOrderedIds: true, prepare: bench => Bench.Execute(bench.DataSource, sql));
            var (pageMs, bytes) = await Read(sql);
            Console.WriteLine($"{name,-32} {rate,9:N0} usages/s   a page of 50 in {pageMs,8:0.00} ms   {bytes / (double)Records,5:N0} bytes of index a record");
        }
    }

    static async Task<(double PageMs, long IndexBytes)> Read(string layout)
    {
        await using var bench = await Bench.Create();
        await bench.OpenAccounts(1_000);
        await Bench.Execute(bench.DataSource, layout);
        await Bench.Execute(bench.DataSource,
            $"""
            insert into usage_record (usage_id, day, account_id, entry_number, service_id, quantity, free_units, cost_nanos, amount_nanos,
                price_version, quota_month, balance_after_nanos, free_units_after, occurred_at, charged_at, content_hash)
            select gen_random_uuid(), current_date, 1 + g % 1000, 2 + g / 1000, 1, 1, 0, 150000, 150000, 1, date_trunc('month', now())::date, 0, 0,
                now() - g * interval '1 ms', now(), g from generate_series(1, {Records}) g
            """);
        await Bench.Execute(bench.DataSource, "vacuum analyze usage_record");

        var watch = Stopwatch.StartNew();
        for (var i = 0; i < PagesRead; i++) await Bench.Execute(bench.DataSource, Page);
        var pageMs = watch.Elapsed.TotalMilliseconds / PagesRead;

        await using var size = bench.DataSource.CreateCommand(
            "select sum(pg_indexes_size(inhrelid))::bigint from pg_inherits where inhparent = 'usage_record'::regclass");
        return (pageMs, (long)(await size.ExecuteScalarAsync())!);
    }
}
