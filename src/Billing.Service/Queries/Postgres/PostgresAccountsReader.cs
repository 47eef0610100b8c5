using Billing.Service.Charging;
using Billing.Service.Ledger;
using Npgsql;
using static Billing.Service.Queries.Postgres.PostgresReads;

namespace Billing.Service.Queries.Postgres;

public sealed class PostgresAccountsReader(NpgsqlDataSource dataSource) : IAccountsReader
{
    // The orders are there for the index that each part then takes: see PostgresConnections.ForReading.
    const string Sql =
        """
        select a.user_id, a.account_id, a.balance_nanos, a.held_nanos, a.overdraft_limit_nanos, a.version, statement_timestamp(), q.service_id, q.granted, q.used, q.held
        from account a left join lateral (
            select service_id, granted, used, held from free_quota where account_id = a.account_id and month = $2 order by service_id) q on true
        where a.user_id = any($1) order by a.user_id
        """;

    public async Task<IReadOnlyDictionary<string, AccountView>> Read(IReadOnlyCollection<string> userIds, DateOnly month, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Sql);
        command.Parameters.Add(Parameter(userIds.ToArray()));
        command.Parameters.Add(Parameter(month));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var accounts = new AccountViews(userIds.Count);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (userId, accountId) = (reader.GetString(0), reader.GetInt64(1));
            var quotas = accounts.Add(userId, new AccountFunds(Amount(reader, 2), Amount(reader, 3), Amount(reader, 4)), reader.GetInt64(5), ReadInstant(reader, 6));
            if (!reader.IsDBNull(7))
                quotas.Add(new FreeQuotaState(new(accountId, reader.GetInt32(7), month), reader.GetInt64(8), reader.GetInt64(9), reader.GetInt64(10), stored: true));
        }
        return accounts.ByUser;
    }
}
