using Billing.Service.Charging;
using Billing.Service.Ledger;
using Billing.Service.Ledger.Sqlite;

namespace Billing.Service.Queries.Sqlite;

public sealed class SqliteAccountsReader(SqliteDatabase database, TimeProvider time) : IAccountsReader
{
    const string Sql =
        """
        select a.user_id, a.account_id, a.balance_nanos, a.held_nanos, a.overdraft_limit_nanos, a.version, q.service_id, q.granted, q.used, q.held
        from account a left join free_quota q on q.account_id = a.account_id and q.month = $2 where a.user_id in (select value from json_each($1))
        """;

    public Task<IReadOnlyDictionary<string, AccountView>> Read(IReadOnlyCollection<string> userIds, DateOnly month, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        using var command = connection.Statement(Sql, SqliteValues.List(userIds), month);
        var now = time.GetUtcNow();
        using var reader = command.ExecuteReader();
        var accounts = new AccountViews(userIds.Count);
        while (reader.Read())
        {
            var (userId, accountId) = (reader.GetString(0), reader.GetInt64(1));
            var quotas = accounts.Add(userId, new AccountFunds(reader.GetMoney(2), reader.GetMoney(3), reader.GetMoney(4)), reader.GetInt64(5), now);
            if (!reader.IsDBNull(6))
                quotas.Add(new FreeQuotaState(new(accountId, reader.GetInt32(6), month), reader.GetInt64(7), reader.GetInt64(8), reader.GetInt64(9), stored: true));
        }
        return Task.FromResult(accounts.ByUser);
    }
}
