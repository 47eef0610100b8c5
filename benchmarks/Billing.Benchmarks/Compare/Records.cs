using Billing.Service.Ledger.Postgres;
using Npgsql;

namespace Billing.Benchmarks.Compare;

/// <summary>Records that are there before the load comes, as charging would have left them: free of cost, thirty days of them, the same number for each account.</summary>
static class Records
{
    const int PerStatement = 1_000_000;

    /// <summary>One that costs nothing: balances and free quotas stay as they are.</summary>
    public const int ServiceId = 100;

    public static async Task Fill(Bench bench, int records)
    {
        var perAccount = Math.Max(1, records / Stage.UsersOfYardstick);
        await using var plain = PostgresConnections.ForMigrations(bench.ConnectionString);
        await AddService(plain);
        var step = Math.Max(1, PerStatement / Stage.UsersOfYardstick);
        for (var from = 1; from <= perAccount; from += step)
        {
            var to = Math.Min(perAccount, from + step - 1);
            await Bench.Execute(plain,
                $"""
                insert into usage_record (usage_id, day, account_id, entry_number, service_id, quantity, free_units, cost_nanos, amount_nanos,
                    price_version, quota_month, balance_after_nanos, free_units_after, occurred_at, charged_at, content_hash)
                select ids.usage_id, ids.at::date, a.account_id, 1 + n, {ServiceId}, 1, 0, 0, 0, 1, date_trunc('month', ids.at)::date, a.balance_nanos, 0, ids.at, ids.at, 0
                from generate_series({from}, {to}) n cross join account a
                cross join lateral (select at, (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(a.account_id || '-' || n), 1, 3) || '8' || substr(md5(a.account_id || '/' || n), 1, 15))::uuid as usage_id
                    from (select date_trunc('milliseconds', now() at time zone 'utc') - interval '30 days' * (1 - n / {perAccount}.0) as at) t) ids
                """);
        }
        await Bench.Execute(plain, $"update account set last_entry_number = 1 + {perAccount}");
        // Roll-ups begin past a thousand entries.
        if (perAccount >= 1_000) await Bench.Execute(plain, RollUp);
        await Bench.Execute(plain, "vacuum analyze usage_record");
        await Bench.Execute(plain, "vacuum analyze account");
    }

    public static Task AddService(NpgsqlDataSource plain) => Bench.Execute(plain,
        $"""
        insert into service values ({ServiceId}, 'service-0', 1);
        insert into price values ({ServiceId}, 1, 0, 1, '1970-01-01');
        """);

    const string RollUp =
        """
        insert into usage_rollup (account_id, bucket, service_id, usages, units, free_units, cost_nanos, amount_nanos, reversed_usages, reversed_nanos)
        select account_id, date_bin('15 minutes', occurred_at, timestamptz '2000-01-01 00:00:00+00'), service_id, count(*), sum(quantity), 0, 0, 0, 0, 0
        from usage_record group by 1, 2, 3
        """;
}
