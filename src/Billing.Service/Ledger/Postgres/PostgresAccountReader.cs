using Billing.Service.Charging;
using Npgsql;
using static Billing.Service.Ledger.Postgres.NpgsqlBatchExtensions;

namespace Billing.Service.Ledger.Postgres;

/// <summary>Reads one account as last committed, in one round trip and one statement, so that all of it is from one moment.</summary>
static class PostgresAccountReader
{
    const string Sql =
        """
        select a.account_id, a.balance_nanos, a.held_nanos, a.overdraft_limit_nanos, a.version, clock_timestamp(), q.service_id, q.granted, q.used, q.held
        from account a left join free_quota q on q.account_id = a.account_id and q.month = $2 where a.user_id = $1
        """;

    public static async Task<AccountView?> Read(NpgsqlDataSource dataSource, string userId, DateOnly month, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Sql);
        command.Parameters.Add(Parameter(userId));
        command.Parameters.Add(Parameter(month));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;

        var accountId = reader.GetInt64(0);
        var funds = new AccountFunds(new Money(reader.GetInt64(1)), new Money(reader.GetInt64(2)), new Money(reader.GetInt64(3)));
        var version = reader.GetInt64(4);
        var asOf = new DateTimeOffset(reader.GetDateTime(5), TimeSpan.Zero);
        var quotas = new List<FreeQuotaState>();
        do
        {
            if (!reader.IsDBNull(6))
                quotas.Add(new FreeQuotaState(new(accountId, reader.GetInt32(6), month), reader.GetInt64(7), reader.GetInt64(8), reader.GetInt64(9), stored: true));
        }
        while (await reader.ReadAsync(cancellationToken));
        return new AccountView(userId, funds, version, quotas, asOf);
    }
}
