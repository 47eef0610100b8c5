using System.Data.Common;
using System.Globalization;

namespace Billing.FaultTests.Harness;

/// <summary>Makes everything that was charged so many days older, as if those had passed. Its ids must carry no time.</summary>
static class OldUsage
{
    const long MicrosecondsADay = 86_400_000_000;

    public static string[] OnPostgres(int days) =>
    [
        $"select ledger.make_usage_record_day(d.day - {days}) from (select distinct day from ledger.usage_record) d",
        $"update ledger.usage_identity set day = day - {days}",
        $"""
        update ledger.usage_record set day = day - {days}, occurred_at = occurred_at - interval '{days} days', charged_at = charged_at - interval '{days} days',
            quota_month = date_trunc('month', (occurred_at - interval '{days} days') at time zone 'UTC')
        """,
        $"update ledger.usage_rollup set bucket = bucket - interval '{days} days'",
        $"update ledger.free_quota q set month = (select min(r.quota_month) from ledger.usage_record r where r.account_id = q.account_id and r.service_id = q.service_id)",
    ];

    public static string[] OnSqlite(int days)
    {
        var shift = (days * MicrosecondsADay).ToString(CultureInfo.InvariantCulture);
        return
        [
            $"""
            update usage_record set day = date(day, '-{days} days'), occurred_at = occurred_at - {shift}, charged_at = charged_at - {shift},
                quota_month = strftime('%Y-%m-01', (occurred_at - {shift}) / 1000000, 'unixepoch')
            """,
            $"update usage_rollup set bucket = bucket - {shift}",
            "update free_quota as q set month = (select min(r.quota_month) from usage_record r where r.account_id = q.account_id and r.service_id = q.service_id)",
        ];
    }

    public static async Task Execute(DbConnection connection, params IEnumerable<string> statements)
    {
        foreach (var sql in statements)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.CommandTimeout = 60;
            await command.ExecuteNonQueryAsync();
        }
    }
}
