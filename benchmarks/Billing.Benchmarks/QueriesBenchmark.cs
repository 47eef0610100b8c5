using System.Diagnostics;
using Billing.Contracts;
using Billing.Service.Ledger.Postgres;
using Billing.Service.Queries;
using Billing.Service.Queries.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Billing.Benchmarks;

/// <summary>What a web page waits for: pages and statistics of a user with ten thousand records in thirty days, and of one with a million.</summary>
static class QueriesBenchmark
{
    const int WarmUp = 5;

    static readonly (string UserId, int Records, int Runs)[] Users = [("user-0000000", 10_000, 200), ("user-0000001", 1_000_000, 20)];

    public static async Task Run()
    {
        await using var bench = await Bench.Create();
        await bench.OpenAccounts(1_002);
        await Fill(bench);
        await using var source = PostgresConnections.ForReading(bench.ConnectionString, connectionsMax: 4, commandTimeoutSeconds: 60);
        var records = new RecordAnswers(new PostgresRecordsReader(source), bench.Store, bench);
        using var statistics = new StatisticsAnswers(new PostgresStatisticsReader(source), bench.Store, bench, TimeProvider.System, Options.Create(new QueryOptions()));

        foreach (var (userId, count, runs) in Users)
        {
            foreach (var (place, daysAgo) in new[] { ("newest", 0.0), ("middle", 15), ("oldest", 29.999) })
            {
                var to = TimeProvider.System.GetUtcNow().AddDays(-daysAgo);
                await Measure($"{count,9:N0} records: a page of 50, {place}", 200, async () => Check((await records.List(new ListRecords { UserId = userId, To = to }, default)).Code));
            }
            foreach (var (period, groupBy) in new (string, string[])[] { ("today", ["service", "hour"]), ("this_month", []), ("this_month", ["service", "day"]), ("all_time", ["service"]), ("all_time", ["service", "day"]) })
                await Measure($"{count,9:N0} records: {period} by [{string.Join(", ", groupBy)}]", runs,
                    async () => Check((await statistics.Get(new GetStatistics { UserId = userId, Period = period, GroupBy = groupBy }, default)).Code));
        }
    }

    /// <summary>The two users, and a thousand others with a thousand records each, all over the last thirty days.</summary>
    static async Task Fill(Bench bench)
    {
        await Bench.Execute(bench.DataSource, string.Join(';', Workload.Services.Select(service => $"insert into service values ({service.ServiceId}, '{service.Name}', {(int)service.PricedBy})")));
        foreach (var (account, records) in Users.Select((user, index) => ($"{index + 1}", user.Records)).Append(("3 + g % 1000", 1_000_000)))
            await Bench.Execute(bench.DataSource,
                $"""
                insert into usage_record (usage_id, day, account_id, entry_number, service_id, quantity, free_units, cost_nanos, amount_nanos,
                    price_version, quota_month, balance_after_nanos, free_units_after, occurred_at, charged_at, content_hash)
                select gen_random_uuid(), (now() - g * interval '30 days' / {records})::date, {account}, 2 + g, 1 + g % 5, 1, 0, 150000, 150000,
                    1, date_trunc('month', now())::date, 0, 0, now() - g * interval '30 days' / {records}, now(), g from generate_series(1, {records}) g
                """);
        await RollUp(bench);
        await Bench.Execute(bench.DataSource, "vacuum analyze usage_record");
        await Bench.Execute(bench.DataSource, "vacuum analyze usage_rollup");
    }

    /// <summary>What charging the records of the two users would have left.</summary>
    static Task RollUp(Bench bench) => Bench.Execute(bench.DataSource,
        """
        update account set last_entry_number = (select max(entry_number) from usage_record r where r.account_id = account.account_id) where account_id <= 2;
        insert into usage_rollup (account_id, bucket, service_id, usages, units, free_units, cost_nanos, amount_nanos, reversed_usages, reversed_nanos)
        select account_id, date_bin('15 minutes', occurred_at, timestamptz '2000-01-01 00:00:00+00'), service_id,
            count(*), sum(quantity), sum(free_units), sum(cost_nanos), sum(amount_nanos), 0, 0
        from usage_record where account_id <= 2 group by 1, 2, 3
        """);

    static void Check(string? code)
    {
        if (code is not null) throw new InvalidOperationException($"The answer is {code}.");
    }

    static async Task Measure(string what, int runs, Func<Task> ask)
    {
        for (var i = 0; i < WarmUp; i++) await ask();
        var times = new double[runs];
        for (var i = 0; i < runs; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await ask();
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        Array.Sort(times);
        Console.WriteLine($"{what,-55} p50 {times[runs / 2],8:0.0}   p99 {times[(runs - 1) * 99 / 100],8:0.0} ms");
    }
}
