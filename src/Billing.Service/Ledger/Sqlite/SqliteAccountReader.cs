using Billing.Service.Charging;

namespace Billing.Service.Ledger.Sqlite;

/// <summary>Reads one account as last committed, by one statement, so that all of it is from one moment.</summary>
static class SqliteAccountReader
{
    public static AccountView? Read(SqliteDatabase database, string userId, DateOnly month, DateTimeOffset now)
    {
        using var connection = database.Open();
        using var command = connection.Statement(
            """
            select a.account_id, a.balance_nanos, a.held_nanos, a.overdraft_limit_nanos, a.version, q.service_id, q.granted, q.used, q.held
            from account a left join free_quota q on q.account_id = a.account_id and q.month = $2 where a.user_id = $1
            """, userId, month);
        using var reader = command.ExecuteReader();
        if (!reader.Read()) return null;

        var accountId = reader.GetInt64(0);
        var funds = new AccountFunds(reader.GetMoney(1), reader.GetMoney(2), reader.GetMoney(3));
        var version = reader.GetInt64(4);
        var quotas = new List<FreeQuotaState>();
        do
        {
            if (!reader.IsDBNull(5))
                quotas.Add(new FreeQuotaState(new(accountId, reader.GetInt32(5), month), reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8), stored: true));
        }
        while (reader.Read());
        return new AccountView(userId, funds, version, quotas, now);
    }
}
