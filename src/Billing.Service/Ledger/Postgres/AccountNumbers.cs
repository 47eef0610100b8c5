using System.Collections.Concurrent;
using Npgsql;
using static Billing.Service.Ledger.Postgres.NpgsqlBatchExtensions;

namespace Billing.Service.Ledger.Postgres;

/// <summary>Account ids by user id. The pair never changes, so it is remembered; unknown users get their account here.</summary>
sealed class AccountNumbers(NpgsqlDataSource dataSource)
{
    const int RememberedMax = 1_000_000;

    // Without the first condition each account that is there would use up a number, and numbers make a commit wait for the disk.
    const string Open =
        """
        insert into account (user_id) select asked.user_id from unnest($1) asked (user_id)
        where not exists (select from account a where a.user_id = asked.user_id)
        on conflict (user_id) do nothing
        """;

    readonly ConcurrentDictionary<string, long> _known = new(StringComparer.Ordinal);

    /// <summary>The account ids of all these users.</summary>
    public async Task<Dictionary<string, long>> Of(IReadOnlyCollection<string> userIds, CancellationToken cancellationToken)
    {
        var accountIds = new Dictionary<string, long>(userIds.Count, StringComparer.Ordinal);
        List<string>? unknown = null;
        foreach (var userId in userIds)
        {
            if (_known.TryGetValue(userId, out var accountId)) accountIds.Add(userId, accountId);
            else (unknown ??= []).Add(userId);
        }
        if (unknown is not null) await FindOrOpen(unknown, accountIds, cancellationToken);
        return accountIds;
    }

    /// <summary>Forgets all: the database no longer has what it had, after a restored backup or a failover that lost commits.</summary>
    public void Forget() => _known.Clear();

    // Committed at once: two first contacts make one account, and an empty account means nothing.
    // Both transactions insert in the order of user ids, so neither waits for the other in a circle.
    async Task FindOrOpen(List<string> userIds, Dictionary<string, long> accountIds, CancellationToken cancellationToken)
    {
        userIds.Sort(StringComparer.Ordinal);
        var users = userIds.ToArray();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(Open, Parameter(users));
        batch.Add("select user_id, account_id from account where user_id = any($1)", Parameter(users));

        if (_known.Count + users.Length > RememberedMax) _known.Clear();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            _known[reader.GetString(0)] = reader.GetInt64(1);
            accountIds.Add(reader.GetString(0), reader.GetInt64(1));
        }
    }
}
